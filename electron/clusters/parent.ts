import type { Transport } from '../../shared/contract/wire';
import { isRelayMessage, Relay } from './relay';

interface ParentListener {
  port(transport: Transport): void;
  message(message: unknown): void;
}

/** The part of Electron's `process.parentPort` that is used. It is there in utility processes only. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown; ports: readonly ElectronPort[] }) => void): void;
}

interface ElectronPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: string): void;
  start(): void;
  close(): void;
}

/** Listens to the process that started this one, in whichever way it did. Ends this process when that one is gone. */
export function listenToParent(listener: ParentListener): void {
  const parentPort = 'parentPort' in process ? (process.parentPort as ParentPort | undefined) : undefined;
  if (parentPort !== undefined) {
    parentPort.on('message', ({ data, ports }) => {
      const port = ports[0];
      if (port === undefined) listener.message(data);
      else listener.port(electronTransport(port));
    });
    return;
  }
  const relay = new Relay((message) =>
    process.send?.(message, undefined, undefined, () => {
      // The parent is gone, which ends this process as well.
    }),
  );
  process.on('message', (message: unknown) => {
    if (!isRelayMessage(message)) listener.message(message);
    else {
      const opened = relay.receive(message);
      if (opened !== undefined) listener.port(opened);
    }
  });
  process.on('disconnect', () => process.exit(0));
}

/** Electron's `MessagePortMain` as a transport. */
export function electronTransport(port: ElectronPort): Transport {
  return {
    send: (message) => port.postMessage(message),
    listen: (onMessage, onClose) => {
      port.on('message', ({ data }) => {
        if (typeof data === 'string') onMessage(data);
      });
      port.on('close', onClose);
      port.start();
    },
    close: () => port.close(),
  };
}
