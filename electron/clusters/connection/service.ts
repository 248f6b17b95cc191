import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { connectionContract } from '../../../shared/contract/connection';
import type { Wire } from '../../../shared/contract/wire';
import { streamObjectEvents } from '../details/events';
import { streamObject } from '../details/object';
import { streamRelated } from '../details/related';
import { revealSecret } from '../details/secret';
import { streamSummary } from '../details/summary';
import { type Pacing, streamRows } from '../watches/rows';
import type { WatchPool } from '../watches/watch-pool';
import type { Connection } from './connection';

/** Serves one connection to whoever holds the other end of a wire. */
export function connectionHandler(connection: Connection, pool: WatchPool): (wire: Wire) => void {
  const contract = implement(connectionContract).$context<Pacing>();
  const router = contract.router({
    state: contract.state.handler(({ context, signal }) => paced(connection.state.stream(signal), context)),
    reconnect: contract.reconnect.handler(() => connection.reconnect()),
    rows: contract.rows.handler(({ input, context, signal }) => streamRows(pool, input, context, signal)),
    object: contract.object.handler(({ input, context, signal }) =>
      paced(streamObject(connection, input, signal), context),
    ),
    objectEvents: contract.objectEvents.handler(({ input, context, signal }) =>
      paced(streamObjectEvents(connection, input, signal), context),
    ),
    related: contract.related.handler(({ input, context, signal }) =>
      paced(streamRelated(connection, pool, input, signal), context),
    ),
    revealSecret: contract.revealSecret.handler(({ input }) => revealSecret(connection, input)),
    summary: contract.summary.handler(({ input, context, signal }) =>
      paced(streamSummary(pool, input, signal), context),
    ),
  });
  const handler = new RPCHandler(router);
  return (wire) => handler.upgrade(wire, { context: wire });
}

/** Lets a stream go on when its reader keeps up. The streams tell the newest state, so nothing gathers meanwhile. */
async function* paced<T>(stream: AsyncGenerator<T, void>, pacing: Pacing): AsyncGenerator<T, void> {
  for await (const value of stream) {
    yield value;
    await pacing.room();
  }
}
