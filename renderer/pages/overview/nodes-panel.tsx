import { kindById } from '../../../shared/kinds/index';
import type { Row } from '../../../shared/kinds/kind';
import { nodeKind } from '../../../shared/kinds/nodes';
import type { OpenView } from '../../app/use-object';
import { useRows } from '../../app/use-rows';
import { ObjectLink } from '../../details/object-link';
import { formatBytes, formatCores } from '../../table/format';
import { StatusGlyph } from '../../ui/status-glyph';
import { Panel } from './panel';

const everywhere: readonly string[] = [];
/** More are on their own page. */
const most = 12;

const column = Object.fromEntries(nodeKind.columns.map(({ id }, index) => [id, index]));

function cell(row: Row, id: string): string | number | boolean | null {
  return row.cells[column[id] ?? -1] ?? null;
}

/** The machines, and what they have to give. */
export function NodesPanel({ contextId, view }: { contextId: string; view: OpenView }) {
  const kind = kindById('nodes');
  if (kind === undefined) throw new Error('the kinds lack nodes');
  const { store, snapshot } = useRows(contextId, view, kind, everywhere);
  const nodes = store.slice(0, snapshot.visible);
  const sum = (id: string) => nodes.reduce((total, row) => total + Number(cell(row, id) ?? 0), 0);
  return (
    <Panel
      title="Nodes"
      className="@[86rem]:border-r @[86rem]:border-b-0"
      aside={snapshot.synced ? nodes.length : undefined}
    >
      {snapshot.problem !== undefined && <p className="text-warning-ink">{snapshot.problem.message}</p>}
      <dl className="flex flex-wrap gap-x-8 gap-y-2 pb-4">
        <Figure name="CPU for pods" value={snapshot.synced ? `${formatCores(sum('cpu'))} cores` : '–'} />
        <Figure name="Memory for pods" value={snapshot.synced ? formatBytes(sum('memory')) : '–'} />
        <Figure name="Room for pods" value={snapshot.synced ? sum('pods').toLocaleString('en') : '–'} />
      </dl>
      <table className="w-full text-left">
        <thead className="text-ink-faint text-sm">
          <tr>
            {['Name', 'Roles', 'Zone', 'Version'].map((title) => (
              <th key={title} scope="col" className="border-line border-b py-1 pr-3 font-medium">
                {title}
              </th>
            ))}
            <th scope="col" className="border-line border-b py-1 pr-3 text-right font-medium">
              CPU
            </th>
            <th scope="col" className="border-line border-b py-1 text-right font-medium">
              Memory
            </th>
          </tr>
        </thead>
        <tbody>
          {nodes.slice(0, most).map((row) => (
            <tr key={row.id} className="border-line border-b last:border-b-0">
              <td className="py-1 pr-3">
                <span className="flex items-center gap-1.5">
                  <StatusGlyph tone={row.health} label={String(cell(row, 'status') ?? '')} />
                  <ObjectLink kind="nodes" name={row.name} className="truncate" />
                </span>
              </td>
              <td className="py-1 pr-3 text-ink-soft">{cell(row, 'roles') ?? '–'}</td>
              <td className="py-1 pr-3 text-ink-soft">{cell(row, 'zone') ?? '–'}</td>
              <td className="py-1 pr-3 text-ink-soft">{cell(row, 'version') ?? '–'}</td>
              <td className="tabular py-1 pr-3 text-right">{formatCores(Number(cell(row, 'cpu') ?? 0))}</td>
              <td className="tabular py-1 text-right">{formatBytes(Number(cell(row, 'memory') ?? 0))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {nodes.length > most && <p className="pt-2 text-ink-faint">and {nodes.length - most} more</p>}
    </Panel>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-ink-faint text-sm">{name}</dt>
      <dd className="tabular font-semibold text-lg">{value}</dd>
    </div>
  );
}
