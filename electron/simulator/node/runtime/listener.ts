import type { Duplex } from 'node:stream';
import { connectionPair } from '../../network/connection';
import { serveHttp } from './http-connection';

/** A request to a server in a container, reduced to what simulated servers look at. */
export interface HttpRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text that can hold any bytes (bytes.ts). */
  readonly body: string;
  /** The caller's address. */
  readonly remoteAddress: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text that can hold any bytes (bytes.ts). */
  readonly body: string;
}

/** An open port of a container. */
export interface Listener {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** Absent for servers that do not speak HTTP. */
  readonly http?: (request: HttpRequest) => Promise<HttpResponse> | HttpResponse;
  /** For servers with a protocol of their own: takes each connection, and ends it. */
  readonly connect?: (connection: Duplex) => void;
}

/**
 * Connects to a port.
 * @param remoteAddress the caller's.
 * @returns the caller's end; `undefined` when the port takes no TCP connections.
 */
export function dial(listener: Listener | undefined, remoteAddress: string): Duplex | undefined {
  if (listener?.protocol !== 'TCP') return undefined;
  const [ours, theirs] = connectionPair();
  if (listener.connect !== undefined) listener.connect(theirs);
  else if (listener.http !== undefined) serveHttp(theirs, listener.http, remoteAddress);
  // A server that plays no protocol hangs up on whoever talks to it.
  else theirs.resume().once('data', () => theirs.destroy());
  return ours;
}
