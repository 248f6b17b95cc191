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
    state: contract.state.handler(({ signal }) => connection.state.stream(signal)),
    reconnect: contract.reconnect.handler(() => connection.reconnect()),
    rows: contract.rows.handler(({ input, context, signal }) => streamRows(pool, input, context, signal)),
    object: contract.object.handler(({ input, signal }) => streamObject(connection, input, signal)),
    objectEvents: contract.objectEvents.handler(({ input, signal }) => streamObjectEvents(connection, input, signal)),
    related: contract.related.handler(({ input, signal }) => streamRelated(connection, pool, input, signal)),
    revealSecret: contract.revealSecret.handler(({ input }) => revealSecret(connection, input)),
    summary: contract.summary.handler(({ input, signal }) => streamSummary(pool, input, signal)),
  });
  const handler = new RPCHandler(router);
  return (wire) => handler.upgrade(wire, { context: wire });
}
