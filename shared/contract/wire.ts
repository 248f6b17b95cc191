/** What can carry text both ways: a message port, a WebSocket, a pipe to a child process. */
export interface Transport {
  send(message: string): void;
  /** Called once. `onClose` says that nothing will come any more. */
  listen(onMessage: (message: string) => void, onClose: () => void): void;
  close(): void;
}

interface MessageEventLike {
  readonly data: unknown;
}

type Listener = (event?: MessageEventLike) => unknown;

/** Messages that may be on their way before {@link Wire.room} makes its callers wait. */
const window = 32;
/** Messages that one confirmation stands for. */
const confirmEvery = 8;

/**
 * A transport as oRPC's message-port adapter wants it, with flow control added: the far end confirms what it has handled
 * (`+` and how many messages in all), so a stream can wait until the reader keeps up instead of filling its queue.
 */
export class Wire {
  private readonly transport: Transport;
  private readonly reportError: (error: unknown) => void;
  private readonly messageListeners: Listener[] = [];
  private readonly closeListeners: Listener[] = [];
  private waiting: (() => void)[] = [];
  private sent = 0;
  private confirmed = 0;
  private received = 0;
  private closed = false;

  /** `reportError` is told what a listener threw: a message that is not of the protocol. */
  constructor(transport: Transport, reportError: (error: unknown) => void) {
    this.transport = transport;
    this.reportError = reportError;
    transport.listen(
      (message) => this.receive(message),
      () => this.end(),
    );
  }

  /** In the form of Electron's `MessagePortMain`, which oRPC knows. */
  on(event: string, listener: Listener): void {
    if (event === 'message') this.messageListeners.push(listener);
    if (event === 'close') {
      if (this.closed) listener();
      else this.closeListeners.push(listener);
    }
  }

  /** Does nothing once closed: a stream may end a moment after its reader has gone. */
  postMessage(message: unknown): void {
    if (this.closed) return;
    if (typeof message !== 'string') throw new TypeError('only text goes over this wire');
    this.sent += 1;
    this.transport.send(message);
  }

  /** Resolves when the far end has handled nearly everything sent so far, or is gone. */
  async room(): Promise<void> {
    while (!this.closed && this.sent - this.confirmed >= window) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  close(): void {
    if (this.closed) return;
    this.transport.close();
    this.end();
  }

  private receive(message: string): void {
    if (message.startsWith('+')) {
      this.confirmed = Number(message.slice(1));
      this.release();
      return;
    }
    for (const listener of this.messageListeners) {
      Promise.resolve()
        .then(() => listener({ data: message }))
        .catch(this.reportError);
    }
    this.received += 1;
    if (this.received % confirmEvery === 0 && !this.closed) this.transport.send(`+${this.received}`);
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  private end(): void {
    if (this.closed) return;
    this.closed = true;
    this.release();
    for (const listener of this.closeListeners) listener();
  }
}

/** The part of a browser's or Node's `MessagePort` that a transport needs. */
export interface WebPort {
  onmessage: ((event: MessageEvent) => unknown) | null;
  postMessage(message: string): void;
  close(): void;
}

/** A message port as a transport. The far end's closing is not told by every runtime: `onClosed` may offer another way. */
export function portTransport(port: WebPort, onClosed?: (listener: () => void) => void): Transport {
  return {
    send: (message) => port.postMessage(message),
    listen: (onMessage, onClose) => {
      onClosed?.(onClose);
      port.onmessage = (event) => {
        if (typeof event.data === 'string') onMessage(event.data);
      };
    },
    close: () => port.close(),
  };
}

/** What the page and its preload script say to each other by `window.postMessage`. */
export type BridgeMessage =
  /** From the page: it listens now; send it the app's port. */
  | { readonly porthole: 'ready' }
  /** To the page, with one port. */
  | { readonly porthole: 'port'; readonly name: string }
  /** To the page: what served the last port of this name has ended. */
  | { readonly porthole: 'closed'; readonly name: string };

/** Checks what came in a window message, which anything in the page might have sent. */
export function isBridgeMessage(data: unknown): data is BridgeMessage {
  if (typeof data !== 'object' || data === null || !('porthole' in data)) return false;
  if (data.porthole === 'ready') return true;
  return (data.porthole === 'port' || data.porthole === 'closed') && 'name' in data && typeof data.name === 'string';
}

/** The name under which the app's own port travels. */
export const appPortName = 'app';
