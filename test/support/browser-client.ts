import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import WebSocket from 'ws';
import type { appContract } from '../../shared/contract/app';
import type { connectionContract } from '../../shared/contract/connection';
import { appPortName, type Transport, Wire } from '../../shared/contract/wire';

/** What a browser's page does, without a browser: enters by the printed URL, then opens ports. */
export class BrowserClient {
  readonly origin: string;
  readonly cookie: string;
  private readonly sockets: WebSocket[] = [];

  /** @param url The URL that the server printed. */
  static async enter(url: string): Promise<BrowserClient> {
    const response = await fetch(url);
    const cookie = response.headers.get('set-cookie')?.split(';')[0];
    if (cookie === undefined) throw new Error(`the server did not let us in: ${response.status}`);
    return new BrowserClient(new URL(url).origin, cookie);
  }

  private constructor(origin: string, cookie: string) {
    this.origin = origin;
    this.cookie = cookie;
  }

  app(): ContractRouterClient<typeof appContract> {
    return createORPCClient(new RPCLink({ port: this.wire(appPortName) }));
  }

  async connection(contextId: string): Promise<ContractRouterClient<typeof connectionContract>> {
    const { port } = await this.app().connect({ contextId });
    return createORPCClient(new RPCLink({ port: this.wire(port) }));
  }

  close(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  private wire(name: string): Wire {
    const url = `${this.origin.replace('http', 'ws')}/port/${encodeURIComponent(name)}`;
    const socket = new WebSocket(url, { origin: this.origin, headers: { cookie: this.cookie } });
    this.sockets.push(socket);
    return new Wire(transportOf(socket), (error) => {
      throw error;
    });
  }
}

function transportOf(socket: WebSocket): Transport {
  const early: string[] = [];
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(message);
      else early.push(message);
    },
    listen: (onMessage, onClose) => {
      socket.on('open', () => {
        for (const message of early.splice(0)) socket.send(message);
      });
      socket.on('message', (data) => onMessage(data.toString()));
      socket.on('close', onClose);
      socket.on('error', onClose);
    },
    close: () => socket.close(),
  };
}
