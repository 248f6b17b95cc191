import { Button } from '../ui/button';
import { startSimulator } from './app-queries';

/** Offered wherever the simulated cluster is missed after it ended. */
export function StartSimulator({ className }: { className?: string }) {
  return (
    <Button look="primary" className={className} onClick={startSimulator} data-testid="action.start-simulator">
      Start it again
    </Button>
  );
}
