import type { IncomingMessage } from 'node:http';

const PREFIX = 'base64url.bearer.authorization.k8s.io.';

/** A token that a request has with it. */
export interface FoundToken {
  readonly token: string;
  /** To be called when it holds. */
  accepted?(): void;
}

/**
 * The token that a WebSocket's client offers as a subprotocol: programs in web pages can set no headers
 * (apiserver/pkg/authentication/request/websocket). Who is let in by it is not offered it back.
 * @throws Error when there is more than one, when it cannot be read, or when nothing else is offered.
 */
export function protocolToken({ headers }: IncomingMessage): FoundToken | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
  if (!/(^|[\s,])upgrade($|[\s,])/i.test(headers.connection ?? '')) return undefined;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const [encoded, ...more] = offered.filter((protocol) => protocol.startsWith(PREFIX));
  if (encoded === undefined) return undefined;
  if (more.length > 0) throw new Error('multiple base64.bearer.authorization tokens specified');
  const token = decoded(encoded.slice(PREFIX.length));
  if (token === '') return undefined;
  const others = offered.filter((protocol) => protocol !== encoded);
  if (others.length === 0) throw new Error('missing additional subprotocol');
  return {
    token,
    accepted() {
      headers['sec-websocket-protocol'] = others.join(',');
    },
  };
}

function decoded(text: string): string {
  const bytes = Buffer.from(text, 'base64url');
  // Buffers pass over what is no base64.
  if (bytes.toString('base64url') !== text) throw new Error('invalid base64.bearer.authorization token encoding');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Error('invalid base64.bearer.authorization token', { cause: error });
  }
}
