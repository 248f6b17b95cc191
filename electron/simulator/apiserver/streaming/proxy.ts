import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import { messageOf } from '../../../../shared/error-message';
import type { Api } from '../api';
import { admitConnection, refuseDryRun } from '../http/connect';
import type { Exchange } from '../http/exchange';
import { failure } from '../status-errors';
import type { ProxyTarget, ProxyTargets } from './proxy-target';

/** What belongs to one connection and not to what is asked over it (net/http/httputil, `hopHeaders`). */
const HOP_BY_HOP = [
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** `.../proxy` with what comes before and behind it. */
const PROXY_PATH = /^(\/api\/v1\/(?:namespaces\/[^/]+\/)?[^/]+\/[^/]+\/proxy)(\/[^?]*)?(\?.*)?$/;

/** Passes requests on to servers in pods: `pods/NAME/proxy` and `services/NAME/proxy`. */
export class ProxyHandler {
  readonly #api: Api;
  readonly #targets: ProxyTargets;

  constructor(api: Api, targets: ProxyTargets) {
    this.#api = api;
    this.#targets = targets;
  }

  /** @throws StatusError 400, 404, or 503 when nobody answers there. */
  async handle(exchange: Exchange): Promise<void> {
    const { info, request, response } = exchange;
    refuseDryRun(exchange);
    await this.#admit(exchange);
    const target = this.#targets.find(info);
    const [, prefix = '', rest, query = ''] = PROXY_PATH.exec(request.url ?? '') ?? [];
    if (rest === undefined && (request.method === 'GET' || request.method === 'HEAD')) {
      // Links on a page are relative to it, as to a folder.
      response.writeHead(301, { location: `${prefix}/${query}` }).end();
      return;
    }
    const headers = forwarded(request.headers);
    headers['x-forwarded-uri'] = `${prefix}${rest ?? '/'}`;
    headers['x-forwarded-host'] = request.headers.host;
    headers['x-forwarded-proto'] = 'https';
    const connection = dialed(target);
    const outgoing = httpRequest({
      method: request.method,
      path: `${rest ?? '/'}${query}`,
      headers,
      createConnection: () => connection,
    });
    // A caller that goes away wants no answer.
    response.on('close', () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    const answer = await answered(outgoing, request);
    const answerHeaders = forwarded(answer.headers);
    const location = answer.headers.location;
    if (location?.startsWith('/')) answerHeaders.location = `${prefix}${location}`;
    exchange.setCommonHeaders();
    response.writeHead(answer.statusCode ?? 502, answerHeaders);
    await new Promise<void>((resolve) => pipeline(answer, response, () => resolve()));
  }

  #admit(exchange: Exchange): Promise<void> {
    const { info, request } = exchange;
    const kind = { nodes: 'NodeProxyOptions', services: 'ServiceProxyOptions' }[info.resource] ?? 'PodProxyOptions';
    const [, , path] = PROXY_PATH.exec(request.url ?? '') ?? [];
    return admitConnection(this.#api.registry(info), exchange, { kind, ...(path === undefined ? {} : { path }) });
  }
}

function dialed(target: ProxyTarget): Duplex {
  try {
    return target.dial();
  } catch (error) {
    throw unreachable(error);
  }
}

/** Headers that are for the other side: not who asks, nor what is between two ends of one connection. */
function forwarded(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOP_BY_HOP, ...named, 'authorization']);
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !dropped.has(name) && !name.startsWith('impersonate-')),
  );
}

/** Sends the body and waits for the answer to begin. @throws StatusError 503. */
function answered(outgoing: ClientRequest, request: IncomingMessage): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.on('response', resolve);
    outgoing.on('error', (error) => reject(unreachable(error)));
    request.pipe(outgoing);
  });
}

const unreachable = (error: unknown) =>
  failure(503, 'ServiceUnavailable', `error trying to reach service: ${messageOf(error)}`);
