import { Navigate } from '@tanstack/react-router';
import { Anchor, LoaderCircle, OctagonAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Catalog, SimulatorState } from '../../shared/contract/app';
import { useCatalog, useSimulator } from '../app/app-queries';
import { firstContext, lastContext } from '../app/last-context';
import { StartSimulator } from '../app/start-simulator';
import { Picture, Verbatim } from '../ui/picture';
import { useStored } from '../ui/stored';

/** Where the app opens: on the cluster looked at last, else on the simulated one; else it says why on none. */
export function HomePage() {
  const catalog = useCatalog();
  const simulator = useSimulator();
  const contextId = firstContext(useStored(lastContext), catalog, simulator);
  if (contextId !== undefined) return <Navigate to="/c/$contextId" params={{ contextId }} replace />;
  return (
    <>
      <h1 className="sr-only">Porthole</h1>
      <Nowhere catalog={catalog} simulator={simulator} />
    </>
  );
}

interface NowhereProps {
  readonly catalog: Catalog | undefined;
  readonly simulator: SimulatorState | undefined;
}

function Nowhere({ catalog, simulator }: NowhereProps): ReactNode {
  const others =
    (catalog?.contexts.length ?? 0) > 0 ? <p>Other clusters stand in the list at the top of the window.</p> : undefined;
  if (simulator?.state === 'failed') {
    return (
      <Picture
        icon={OctagonAlert}
        tone="error"
        title="The simulated cluster could not be started"
        testId="picture.simulator-failed"
        actions={<StartSimulator />}
      >
        <Verbatim>{simulator.message}</Verbatim>
        {others}
      </Picture>
    );
  }
  if (simulator?.state === 'running' && catalog !== undefined) {
    return (
      <Picture icon={Anchor} title="No cluster yet" testId="picture.no-cluster">
        <p>Porthole looks for clusters in the kubeconfig files that kubectl uses.</p>
        {others}
      </Picture>
    );
  }
  return (
    <div className="late h-full">
      <Picture icon={LoaderCircle} title="The simulated cluster is starting" testId="picture.simulator-starting">
        <p>Its API server, controllers and nodes come up in this very app. It takes a moment.</p>
        {others}
      </Picture>
    </div>
  );
}
