import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { KindSummary } from '../../../shared/contract/connection';
import { kindById } from '../../../shared/kinds/index';
import { connectionQueries } from '../../app/connections';
import { useNamespaceChoice } from '../../app/namespaces';
import type { OpenView } from '../../app/use-object';
import { healthStates, healthWords } from '../../charts/health';
import { HealthBars } from '../../charts/health-bars';
import { HealthRing } from '../../charts/health-ring';
import { StatusGlyph } from '../../ui/status-glyph';
import { Panel } from './panel';

const pods = 'pods';
const workloads = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'jobs.batch',
  'cronjobs.batch',
];
/** Before the first answer. */
const none: KindSummary = { kind: '', total: 0, health: {}, counting: true };
/** Pixels; the bars stand beside the lines of text. */
const lineHeight = 28;

/** How the pods and their controllers do. */
export function WorkloadsPanel({ contextId, view }: { contextId: string; view: OpenView }) {
  const choice = useNamespaceChoice(contextId);
  const queries = useMemo(() => connectionQueries(contextId, view), [contextId, view]);
  const input = { kinds: [pods, ...workloads], ...(choice.length === 0 ? {} : { namespaces: [...choice] }) };
  const summaries = useQuery(queries.summary.experimental_liveOptions({ input })).data;
  const of = (kind: string) => summaries?.find((summary) => summary.kind === kind) ?? none;
  return (
    <Panel title="Workloads" className="@4xl:border-r @[86rem]:border-b-0">
      <div className="flex flex-wrap items-center gap-6 pb-4">
        <HealthRing counts={of(pods).health} total={totalText(of(pods))} label="Pods" />
        <Legend contextId={contextId} summary={of(pods)} />
      </div>
      <div
        className="grid grid-cols-[minmax(0,140px)_48px_minmax(0,1fr)] gap-x-3"
        data-testid={summaries?.every(({ counting }) => !counting) ? 'overview.counted' : undefined}
      >
        <ul>
          {workloads.map((kind) => (
            <li key={kind} className="truncate" style={{ height: lineHeight, lineHeight: `${lineHeight}px` }}>
              <Link
                to="/c/$contextId/$kind"
                params={{ contextId, kind }}
                className="text-ink-soft underline-offset-2 hover:text-accent hover:underline"
              >
                {kindById(kind)?.title}
              </Link>
            </li>
          ))}
        </ul>
        <ul className="tabular text-right">
          {workloads.map((kind) => (
            <li key={kind} style={{ height: lineHeight, lineHeight: `${lineHeight}px` }}>
              {totalText(of(kind))}
            </li>
          ))}
        </ul>
        <HealthBars rows={workloads.map((kind) => ({ name: kind, counts: of(kind).health }))} lineHeight={lineHeight} />
      </div>
    </Panel>
  );
}

/** Nothing is said to be none before it was counted. */
function totalText({ total, counting, problem }: KindSummary): string {
  return counting || problem !== undefined ? '–' : total.toLocaleString('en');
}

interface LegendProps {
  readonly contextId: string;
  readonly summary: KindSummary;
}

function Legend({ contextId, summary: { health: counts, counting, problem } }: LegendProps) {
  if (problem !== undefined) return <p className="min-w-0 flex-1 text-warning-ink">{problem}</p>;
  return (
    <ul className="min-w-36">
      {healthStates
        .filter((state) => state !== 'neutral' || (counts.neutral ?? 0) > 0)
        .map((state) => (
          <li key={state}>
            <Link
              to="/c/$contextId/$kind"
              params={{ contextId, kind: pods }}
              className="flex h-6 items-center gap-2 rounded-sm px-1 hover:bg-hover"
            >
              <StatusGlyph tone={state} />
              <span className="flex-1 text-ink-soft">{healthWords[state]}</span>
              <span className="tabular">{counting ? '–' : (counts[state] ?? 0).toLocaleString('en')}</span>
            </Link>
          </li>
        ))}
    </ul>
  );
}
