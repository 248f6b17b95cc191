import { ORPCError } from '@orpc/server';
import type { RowsEvent, RowsProblem, RowsQuery } from '../../../shared/contract/rows';
import { kindById } from '../../../shared/kinds/index';
import type { Row } from '../../../shared/kinds/kind';
import { pause } from '../connection/backoff';
import { Alarm } from '../topic';
import { RowSources } from './row-sources';
import type { WatchPool } from './watch-pool';

/** Rows in one message. */
const batchSize = 500;
/** How long changes gather into one message, once a first one went out at once. Milliseconds. */
const gather = 25;

/** Where a stream's reader says that it keeps up. */
export interface Pacing {
  /** Resolves when the reader has handled nearly everything sent. */
  room(): Promise<void>;
}

/**
 * A table's rows: all that are there, then changes. A change is kept by the row's id until it is sent, so a reader that is
 * slow misses steps in between but never the last, and what waits for it is never more than the table is long.
 *
 * @throws ORPCError (NOT_FOUND) when there is no such kind.
 */
export async function* streamRows(
  pool: WatchPool,
  query: RowsQuery,
  pacing: Pacing,
  signal: AbortSignal | undefined,
): AsyncGenerator<RowsEvent, void> {
  const definition = kindById(query.kind);
  if (definition === undefined) throw new ORPCError('NOT_FOUND', { message: `no kind "${query.kind}" is known` });
  const alarm = new Alarm(signal);
  const pending = new Map<string, Row | undefined>();
  const sources = new RowSources(pool, definition, query.namespaces, {
    changed: (id, row) => {
      // Delete first: what changed last goes last.
      pending.delete(id);
      pending.set(id, row);
      alarm.ring();
    },
    status: () => alarm.ring(),
  });
  try {
    yield { type: 'reset' };
    for (const changed of batches(sources.rows())) {
      await pacing.room();
      if (signal?.aborted) return;
      yield { type: 'rows', changed, removed: [] };
    }
    let told: RowsProblem | 'live' | undefined;
    let sent = 0;
    do {
      if (pending.size > 0) {
        await pause(sent + gather - Date.now(), signal);
        for (let left = pending.size; left > 0; left -= batchSize) {
          await pacing.room();
          if (signal?.aborted) return;
          yield take(pending);
        }
        sent = Date.now();
      }
      const { state } = sources;
      // What came meanwhile goes first, so that `synced` speaks of all that is known.
      if (pending.size > 0 || state === told) continue;
      told = state;
      if (state === 'live') yield { type: 'synced', at: Date.now(), ...sources.limits };
      else if (state !== undefined) yield { type: 'problem', problem: state };
    } while (await alarm.rung());
  } finally {
    alarm.close();
    sources.release();
  }
}

function* batches(rows: Iterable<Row>): Generator<Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    if (batch.push(row) === batchSize) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Takes up to a batch out of what waits. */
function take(pending: Map<string, Row | undefined>): RowsEvent {
  const changed: Row[] = [];
  const removed: string[] = [];
  for (const [id, row] of pending) {
    pending.delete(id);
    if (row === undefined) removed.push(id);
    else changed.push(row);
    if (changed.length + removed.length === batchSize) break;
  }
  return { type: 'rows', changed, removed };
}
