import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import { messageOf } from '../../../../shared/error-message';
import type { Endpoints, Pod, Service } from '../../../../shared/kubernetes/objects';
import { endpoints, nodes, pods, services } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { KubeletConnector } from '../../kubelet-api';
import { CONTROL_PLANE_ADDRESS } from '../../network/control-plane-address';
import type { Random } from '../../random';
import type { Api } from '../api';
import { admitConnection, refuseDryRun } from '../http/connect';
import type { Exchange } from '../http/exchange';
import { get } from '../registry/read';
import { objectKey } from '../registry/registry';
import { badRequest, failure, notFound } from '../status-errors';
import { kubeletOf } from './kubelet';

/** Where a request is to go. */
interface Target {
  readonly pod: Pod;
  readonly port: number;
}

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
  readonly #kubelets: KubeletConnector;
  readonly #random: Random;

  constructor(api: Api, kubelets: KubeletConnector, random: Random) {
    this.#api = api;
    this.#kubelets = kubelets;
    this.#random = random;
  }

  /** @throws StatusError 400, 404, or 503 when nobody answers there. */
  async handle(exchange: Exchange): Promise<void> {
    const { info, request, response } = exchange;
    await this.#admit(exchange);
    refuseDryRun(exchange);
    if (info.resource === 'nodes') get(this.#api.registry(nodes), undefined, info.name);
    if (info.resource === 'nodes') throw unreachable(new Error('a simulated kubelet serves no pages'));
    const target = info.resource === 'services' ? this.#serviceTarget(info) : this.#podTarget(info);
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
    const connection = this.#dial(target);
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

  #dial({ pod, port }: Target): Duplex {
    try {
      return kubeletOf(this.#kubelets, pod).dial(pod, port, CONTROL_PLANE_ADDRESS);
    } catch (error) {
      throw unreachable(error);
    }
  }

  /** pkg/registry/core/pod/strategy.go, `ResourceLocation`. */
  #podTarget({ namespace, name: id }: Exchange['info']): Target {
    const { name, port } = splitId(id, 'pod');
    const pod: Pod = get(this.#api.registry(pods), namespace, name).object;
    if (!pod.status?.podIP) throw badRequest('address not allowed');
    const first = pod.spec?.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
    const wanted = port === '' ? (first ?? 80) : Number(port);
    // A pod's ports are known by their numbers alone.
    if (!Number.isInteger(wanted)) throw unreachable(new Error(`dial tcp: lookup tcp/${port}: unknown port`));
    return { pod, port: wanted };
  }

  /** pkg/registry/core/service/storage/storage.go, `ResourceLocation`: any of the pods behind the service. */
  #serviceTarget({ namespace, name: id }: Exchange['info']): Target {
    const { name, port } = splitId(id, 'service');
    let portName = port;
    if (/^\d+$/.test(port)) {
      const service: Service = get(this.#api.registry(services), namespace, name).object;
      const found = service.spec?.ports?.find((each) => each.port === Number(port));
      if (found === undefined) throw unavailable(`no service port ${port} found for service "${name}"`);
      portName = found.name ?? '';
    }
    const found = this.#api.registry(endpoints).find(objectKey(endpoints, namespace, name));
    // The store names what it does not find after the request.
    if (found === undefined) throw notFound(services, name);
    const { subsets = [] } = found.object as Endpoints;
    if (subsets.length === 0) throw unavailable(`no endpoints available for service "${name}"`);
    const targets = subsets.flatMap(({ addresses = [], ports = [] }) => {
      const found = ports.find((each) => (each.name ?? '') === portName);
      if (found === undefined) return [];
      return addresses.flatMap(({ targetRef, ip }) => {
        const pod = targetRef?.kind === 'Pod' ? this.#pod(targetRef.namespace ?? '', targetRef.name ?? '') : undefined;
        // Only what is a pod is reached through here: another address might be anybody's.
        return pod?.status?.podIP === ip ? [{ pod, port: found.port }] : [];
      });
    });
    const chosen = targets[this.#random.integer(0, targets.length)];
    if (chosen === undefined) throw unavailable(`no endpoints available for service "${id}"`);
    return chosen;
  }

  #pod(namespace: string, name: string): Pod | undefined {
    try {
      return get(this.#api.registry(pods), namespace, name).object;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

/** `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`. @throws StatusError 400. */
function splitId(id: string, what: 'pod' | 'service'): { name: string; port: string } {
  const parts = id.split(':');
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme)) {
    throw badRequest(`invalid ${what} request ${JSON.stringify(id)}`);
  }
  return { name, port };
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

const unavailable = (message: string) => failure(503, 'ServiceUnavailable', message);
const unreachable = (error: unknown) => unavailable(`error trying to reach service: ${messageOf(error)}`);
