import type { Transport } from '../../shared/contract/wire';

/** What goes through a child's one pipe: messages of its many ports, by number. */
export type RelayMessage =
  | { readonly type: 'port'; readonly port: number }
  | { readonly type: 'data'; readonly port: number; readonly data: string }
  | { readonly type: 'closed'; readonly port: number };

/** Recognizes a message of the relay among others on the same pipe. */
export function isRelayMessage(message: unknown): message is RelayMessage {
  return typeof message === 'object' && message !== null && 'port' in message && typeof message.port === 'number';
}

interface OpenPort {
  onMessage?: (message: string) => void;
  onClose?: () => void;
  /** What came before anybody listened. */
  early: string[];
}

/** One end of a pipe that carries many ports: what `MessageChannel` does where there is none between processes. */
export class Relay {
  private readonly send: (message: RelayMessage) => void;
  private readonly ports = new Map<number, OpenPort>();
  private next = 1;

  constructor(send: (message: RelayMessage) => void) {
    this.send = send;
  }

  /** Opens a port to the other end, which is told of it. */
  open(): Transport {
    const port = this.next;
    this.next += 1;
    this.send({ type: 'port', port });
    return this.transport(port);
  }

  /** Takes a message from the pipe. Returns the new port when the other end has opened one. */
  receive(message: RelayMessage): Transport | undefined {
    if (message.type === 'port') return this.transport(message.port);
    const port = this.ports.get(message.port);
    if (port === undefined) return undefined;
    if (message.type === 'closed') {
      this.ports.delete(message.port);
      port.onClose?.();
    } else if (port.onMessage === undefined) port.early.push(message.data);
    else port.onMessage(message.data);
    return undefined;
  }

  /** The pipe is gone, and all ports with it. */
  end(): void {
    const ports = [...this.ports.values()];
    this.ports.clear();
    for (const port of ports) port.onClose?.();
  }

  private transport(number: number): Transport {
    const port: OpenPort = { early: [] };
    this.ports.set(number, port);
    return {
      send: (data) => {
        if (this.ports.has(number)) this.send({ type: 'data', port: number, data });
      },
      listen: (onMessage, onClose) => {
        port.onMessage = onMessage;
        port.onClose = onClose;
        for (const message of port.early.splice(0)) onMessage(message);
        if (!this.ports.has(number)) onClose();
      },
      close: () => {
        if (this.ports.delete(number)) this.send({ type: 'closed', port: number });
      },
    };
  }
}
