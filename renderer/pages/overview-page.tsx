import { useEffect } from 'react';
import { useCatalog } from '../app/app-queries';
import { type ConnectionView, useConnection } from '../app/connections';
import { lastContext } from '../app/last-context';
import { usePlace } from '../app/navigation';
import type { OpenView } from '../app/use-object';
import { ConnectionPicture, LostBanner } from './connection-pictures';
import { KubectlLine } from './overview/kubectl-line';
import { NodesPanel } from './overview/nodes-panel';
import { WarningsPanel } from './overview/warnings-panel';
import { WorkloadsPanel } from './overview/workloads-panel';

/** The whole cluster at a glance. */
export function OverviewPage() {
  const { contextId } = usePlace();
  return contextId === undefined ? null : <Overview key={contextId} contextId={contextId} />;
}

function Overview({ contextId }: { contextId: string }) {
  const view = useConnection(contextId);
  const name = useCatalog()?.contexts.find((context) => context.id === contextId)?.cluster;
  useEffect(() => lastContext.set(contextId), [contextId]);
  const { state, lostSince } = view;
  const down = state.state !== 'connected' && state.state !== 'connecting';
  return (
    <div className="relative flex h-full min-h-0 flex-col" data-testid="overview">
      <div className="flex h-11 shrink-0 items-center gap-3 border-line border-b px-4">
        <h1 className="shrink-0 truncate font-semibold text-lg">{name ?? 'Cluster'}</h1>
        <span className="flex-1" />
        <KubectlLine contextId={contextId} />
      </div>
      {lostSince !== undefined && (
        <LostBanner
          contextId={contextId}
          since={lostSince}
          message={'message' in state ? state.message : 'connecting again'}
        />
      )}
      {down && lostSince === undefined ? (
        <div className="min-h-0 flex-1">
          <ConnectionPicture contextId={contextId} state={state} />
        </div>
      ) : (
        isOpen(view) && <Panels contextId={contextId} view={view} />
      )}
    </div>
  );
}

function isOpen(view: ConnectionView): view is OpenView {
  return view.client !== undefined;
}

function Panels(props: { contextId: string; view: OpenView }) {
  return (
    <div className="@container min-h-0 flex-1 overflow-auto">
      {/* One, two or three columns side by side; where there are three, their rules reach the foot of the page. */}
      <div className="grid @4xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] @[86rem]:grid-cols-[minmax(0,9fr)_minmax(0,10fr)_minmax(0,11fr)] grid-cols-1 @[86rem]:min-h-full">
        <WorkloadsPanel {...props} />
        <NodesPanel {...props} />
        <WarningsPanel {...props} />
      </div>
    </div>
  );
}
