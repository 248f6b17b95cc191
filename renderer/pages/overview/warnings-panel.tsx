import { useEffect } from 'react';
import { eventKind } from '../../../shared/kinds/events';
import { kindByApi, kindById, kinds } from '../../../shared/kinds/index';
import type { Row } from '../../../shared/kinds/kind';
import { useNamespaceChoice } from '../../app/namespaces';
import type { OpenView } from '../../app/use-object';
import { useRows } from '../../app/use-rows';
import { ObjectLink } from '../../details/object-link';
import { Age } from '../../table/age';
import { StatusGlyph } from '../../ui/status-glyph';
import { Panel } from './panel';

/** The newest are shown; all are on the page of events. */
const most = 20;

const column = Object.fromEntries(eventKind.columns.map(({ id }, index) => [id, index]));

function text(row: Row, id: string): string {
  return String(row.cells[column[id] ?? -1] ?? '');
}

/** What the cluster complains of, newest first. */
export function WarningsPanel({ contextId, view }: { contextId: string; view: OpenView }) {
  const kind = kindById('events');
  if (kind === undefined) throw new Error('the kinds lack events');
  const { store, snapshot } = useRows(contextId, view, kind, useNamespaceChoice(contextId));
  // Their order is the newest first by itself.
  useEffect(() => store.setFilter('warning'), [store]);
  const warnings = store
    .slice(0, most * 4)
    .filter((row) => row.health === 'warning')
    .slice(0, most);
  return (
    <Panel title="Warnings" className="@container @4xl:col-span-2 @[86rem]:col-span-1 border-b-0">
      {snapshot.problem !== undefined && <p className="text-warning-ink">{snapshot.problem.message}</p>}
      {snapshot.synced && warnings.length === 0 && (
        <p className="flex items-center gap-2 text-ink-soft">
          <StatusGlyph tone="ok" />
          Nothing was complained of in the last hour.
        </p>
      )}
      <ul data-testid="overview.warnings">
        {warnings.map((row) => (
          <li
            key={row.id}
            className="grid @4xl:grid-cols-[12px_56px_160px_minmax(160px,320px)_minmax(0,1fr)] grid-cols-[12px_44px_minmax(0,1fr)_minmax(0,1fr)] items-baseline gap-x-3 border-line border-b py-1 last:border-b-0"
          >
            <StatusGlyph tone="warning" label="Warning" />
            <Age time={Number(row.cells[column.lastSeen ?? -1] ?? row.created)} className="tabular text-ink-faint" />
            <span className="truncate text-warning-ink">{text(row, 'reason')}</span>
            <About row={row} />
            <span
              className="@4xl:col-span-1 @4xl:col-start-auto col-span-2 col-start-3 truncate text-ink-soft"
              title={text(row, 'message')}
            >
              {text(row, 'message')}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The object of the event, which its row has as `Pod/web-1`. */
function About({ row }: { row: Row }) {
  const [kindName = '', name = ''] = text(row, 'object').split('/');
  const kind = kindByApi('v1', kindName) ?? kinds.find((candidate) => candidate.resource.kind === kindName);
  return (
    <span className="truncate" title={row.namespace}>
      <span className="text-ink-faint">{kindName} </span>
      <ObjectLink kind={kind?.id ?? ''} namespace={row.namespace} name={name} />
    </span>
  );
}
