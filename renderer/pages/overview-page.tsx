import { usePlace } from '../app/navigation';

export function OverviewPage() {
  const { contextId } = usePlace();
  return <h1>{contextId}</h1>;
}
