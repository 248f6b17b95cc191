import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { appContract } from '../../shared/contract/app';
import type { connectionContract } from '../../shared/contract/connection';
import {
  appPortName,
  type BridgeMessage,
  isBridgeMessage,
  portTransport,
  type Transport,
  Wire,
} from '../../shared/contract/wire';

export type AppClient = ContractRouterClient<typeof appContract>;
export type ConnectionClient = ContractRouterClient<typeof connectionContract>;

/** Ports that were handed over and not asked for yet, and those who wait for one. */
const arrived = new Map<string, MessagePort[]>();
const wanted = new Map<string, ((port: MessagePort) => void)[]>();
const closeListeners = new Map<string, Set<() => void>>();

let client: AppClient | undefined;

/** The app's client. Made once; a browser's page keeps one WebSocket for it, a window one message port. */
export function appClient(): AppClient {
  client ??= createClient<AppClient>(appPortName);
  return client;
}

/**
 * A client on the port that an answer of `appClient().connect()` names. Call it once for each such answer. When the
 * connection's process ends, open streams throw; `connect` then starts another.
 */
export async function connectionClient(portName: string): Promise<ConnectionClient> {
  return createClient<ConnectionClient>(portName);
}

function createClient<Client extends AppClient | ConnectionClient>(portName: string): Client {
  const transport = inDesktopWindow() ? handedPort(portName) : webSocket(portName);
  const wire = new Wire(transport, reportError);
  return createORPCClient<Client>(new RPCLink({ port: wire }));
}

/** The desktop app serves its pages by a protocol of its own; see `electron/desktop/protocol.ts`. */
function inDesktopWindow(): boolean {
  return location.protocol === 'porthole-app:';
}

let listening = false;

function listenForPorts(): void {
  if (listening) return;
  listening = true;
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window || event.origin !== location.origin || !isBridgeMessage(event.data)) return;
    if (event.data.porthole === 'port' && event.ports[0] !== undefined) take(event.data.name, event.ports[0]);
    if (event.data.porthole === 'closed') {
      const listeners = closeListeners.get(event.data.name) ?? [];
      closeListeners.delete(event.data.name);
      for (const listener of listeners) listener();
    }
  });
  const ready: BridgeMessage = { porthole: 'ready' };
  window.postMessage(ready, location.origin);
}

function take(name: string, port: MessagePort): void {
  const waiting = wanted.get(name)?.shift();
  if (waiting !== undefined) waiting(port);
  else arrived.set(name, [...(arrived.get(name) ?? []), port]);
}

/** The next port of this name, which may still be on its way; what is sent meanwhile waits. */
function handedPort(name: string): Transport {
  const early: string[] = [];
  let transport: Transport | undefined;
  const onClosed = (listener: () => void) => {
    closeListeners.set(name, (closeListeners.get(name) ?? new Set()).add(listener));
  };
  return {
    send: (message) => (transport === undefined ? early.push(message) : transport.send(message)),
    listen: (onMessage, onClose) => {
      const attach = (port: MessagePort) => {
        transport = portTransport(port, onClosed);
        transport.listen(onMessage, onClose);
        for (const message of early.splice(0)) transport.send(message);
      };
      const port = arrived.get(name)?.shift();
      if (port !== undefined) attach(port);
      else wanted.set(name, [...(wanted.get(name) ?? []), attach]);
      listenForPorts();
    },
    close: () => transport?.close(),
  };
}

function webSocket(name: string): Transport {
  const socket = new WebSocket(`ws://${location.host}/port/${encodeURIComponent(name)}`);
  const early: string[] = [];
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(message);
      else if (socket.readyState === WebSocket.CONNECTING) early.push(message);
    },
    listen: (onMessage, onClose) => {
      socket.onopen = () => {
        for (const message of early.splice(0)) socket.send(message);
      };
      socket.onmessage = (event: MessageEvent<unknown>) => {
        if (typeof event.data === 'string') onMessage(event.data);
      };
      socket.onclose = onClose;
    },
    close: () => socket.close(),
  };
}
