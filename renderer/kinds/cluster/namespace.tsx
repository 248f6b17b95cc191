import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { kindById } from '../../../shared/kinds/index';
import type { Namespace } from '../../../shared/kubernetes/objects';
import { connectionQueries, useConnection } from '../../app/connections';
import { namespaceChoice } from '../../app/namespaces';
import { usePlace } from '../../app/navigation';
import type { OpenView } from '../../app/use-object';
import { Section } from '../../details/parts';
import { StatusGlyph } from '../../ui/status-glyph';

const held = [
  'pods',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'services',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
];
/** Of several healths the one that is told. */
const worst = ['error', 'warning', 'progress', 'ok', 'done', 'neutral'] as const;

/** How much it holds of what; each leads to its page, narrowed to this namespace. */
export function NamespaceSections({ object: { metadata } }: { object: Namespace }) {
  const { contextId = '' } = usePlace();
  const view = useConnection(contextId);
  if (view.client === undefined || metadata.name === undefined) return null;
  return <Held contextId={contextId} view={{ ...view, client: view.client }} namespace={metadata.name} />;
}

function Held({ contextId, view, namespace }: { contextId: string; view: OpenView; namespace: string }) {
  const { client, generation } = view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another client comes with another generation
  const queries = useMemo(() => connectionQueries(contextId, view), [contextId, client, generation]);
  const input = { kinds: held, namespaces: [namespace] };
  const summaries = useQuery(queries.summary.experimental_liveOptions({ input })).data ?? [];
  return (
    <Section title="Holds">
      <ul data-testid="namespace.holds">
        {held.map((kind) => {
          const summary = summaries.find((candidate) => candidate.kind === kind);
          const counted = summary !== undefined && !summary.counting && summary.problem === undefined;
          const tone = worst.find((state) => (summary?.health[state] ?? 0) > 0) ?? 'neutral';
          return (
            <li key={kind} className="flex h-6 items-center gap-2">
              <StatusGlyph tone={tone} />
              <Link
                to="/c/$contextId/$kind"
                params={{ contextId, kind }}
                onClick={() => namespaceChoice(contextId).set([namespace])}
                className="w-48 text-accent underline-offset-2 hover:underline"
              >
                {kindById(kind)?.title}
              </Link>
              <span className="tabular min-w-8 text-right" title={summary?.problem}>
                {counted ? summary.total.toLocaleString('en') : '–'}
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
