import './node18';

import { Wire } from '../../../shared/contract/wire';
import type { ConnectionMessage } from '../host';
import { listenToParent } from '../parent';
import { WatchPool } from '../watches/watch-pool';
import { Connection } from './connection';
import { loadContext } from './kubeconfig';
import { connectionHandler } from './service';

/** The process of one connected context: holds its credentials, and serves the connection on every port it is given. */

let serve: ((wire: Wire) => void) | undefined;
let connection: Connection | undefined;
const waiting: Wire[] = [];

listenToParent({
  port(transport) {
    const wire = new Wire(transport, logError);
    if (serve === undefined) waiting.push(wire);
    else serve(wire);
  },
  message(message) {
    const told = message as ConnectionMessage;
    if (told.type === 'open') open(told);
    else connection?.reload();
  },
});

function open({ target }: Extract<ConnectionMessage, { type: 'open' }>): void {
  connection = new Connection(() => loadContext(target));
  serve = connectionHandler(connection, new WatchPool(connection));
  connection.check();
  for (const wire of waiting.splice(0)) serve(wire);
}

function logError(error: unknown): void {
  process.stderr.write(`connection: ${error instanceof Error ? error.stack : String(error)}\n`);
}
