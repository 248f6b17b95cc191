import type { KindSummary } from '../../../shared/contract/connection';
import { kindById } from '../../../shared/kinds/index';
import { pause } from '../connection/backoff';
import { Alarm } from '../topic';
import type { Lease, WatchPool } from '../watches/watch-pool';
import type { Tally, WatchedKind } from '../watches/watched-kind';

/** Summaries are sent no more often. Milliseconds. */
const gather = 300;

/** How many of each kind there are and how they do. Kinds that the app does not know are left out. */
export async function* streamSummary(
  pool: WatchPool,
  query: { kinds: readonly string[]; namespaces?: readonly string[] | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly KindSummary[], void> {
  const alarm = new Alarm(signal);
  const leases: Lease[] = [];
  const stops: (() => void)[] = [];
  const sources = query.kinds.flatMap((id) => {
    const definition = kindById(id);
    if (definition === undefined) return [];
    const namespaces = definition.resource.namespaced ? query.namespaces : undefined;
    const held = (namespaces ?? [undefined]).map((namespace) => pool.lease(definition, namespace));
    leases.push(...held);
    const watched = [...new Set(held.map((lease) => lease.watched))];
    for (const source of watched) {
      stops.push(source.listen({ changed: () => alarm.ring(), status: () => alarm.ring() }));
    }
    return [{ kind: id, watched, namespaces }];
  });
  try {
    do {
      yield sources.map(({ kind, watched, namespaces }) => summarize(kind, watched, namespaces));
      await pause(gather, signal);
    } while (await alarm.rung());
  } finally {
    alarm.close();
    for (const stop of stops) stop();
    for (const lease of leases) lease.release();
  }
}

function summarize(
  kind: string,
  watched: readonly WatchedKind[],
  namespaces: readonly string[] | undefined,
): KindSummary {
  const health: Tally = {};
  let total = 0;
  for (const source of watched) {
    for (const [namespace, tally] of source.talliesByNamespace()) {
      if (namespaces !== undefined && !namespaces.includes(namespace)) continue;
      for (const state of healthStates) {
        const count = tally[state] ?? 0;
        if (count === 0) continue;
        health[state] = (health[state] ?? 0) + count;
        total += count;
      }
    }
  }
  const problem = watched.map((source) => source.currentProblem).find((found) => found !== undefined);
  const counting = watched.some((source) => source.liveSince === undefined);
  return { kind, total, health, counting, ...(problem === undefined ? {} : { problem: problem.message }) };
}

const healthStates = ['ok', 'progress', 'warning', 'error', 'done', 'neutral'] as const;
