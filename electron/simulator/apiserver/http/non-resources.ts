import { SystemClock } from '../../clock';
import type { Api } from '../api';
import { Discovery } from '../discovery/discovery';
import { healthAnswer } from '../discovery/health';
import { metricsText } from '../discovery/metrics';
import { OpenApiDocuments } from '../discovery/openapi';
import { OPENID_MAX_AGE, openIdDocument } from '../discovery/openid';
import { versionInfo } from '../discovery/version';
import { OPENAPI_V2_ANSWER, OPENAPI_V2_PROTOBUF } from '../protobuf/openapi-v2';
import type { ResourceDefinition } from '../registry/definition';
import { methodNotAllowed, unknownPath } from '../status-errors';
import { checkProduces, MEDIA_TYPES, mediaTypes } from './accept';
import { indented } from './encoding';
import type { Exchange } from './exchange';
import { NOBODY } from './routes';

/** What clients learn of the resources that are served. */
interface Documents {
  readonly definitions: readonly ResourceDefinition[];
  readonly discovery: Discovery;
  readonly openApi: OpenApiDocuments;
}

/** Answers what is no resource: discovery, OpenAPI, health, version. */
export class NonResourceHandler {
  readonly #api: Api;
  readonly #tokenKeys: () => readonly object[];
  #documents: Documents | undefined;

  /** @param tokenKeys the public keys of ServiceAccount tokens, as JSON Web Keys. */
  constructor(api: Api, tokenKeys: () => readonly object[]) {
    this.#api = api;
    this.#tokenKeys = tokenKeys;
  }

  /** Of what is served now. */
  get #served(): Documents {
    const { definitions, virtualResources } = this.#api;
    if (this.#documents?.definitions !== definitions) {
      this.#documents = {
        definitions,
        discovery: new Discovery(definitions, virtualResources),
        openApi: new OpenApiDocuments(definitions, virtualResources, this.#documents?.openApi),
      };
    }
    return this.#documents;
  }

  async handle(exchange: Exchange): Promise<void> {
    const { path } = exchange;
    const health = healthAnswer(path, exchange.query);
    if (health !== undefined) return exchange.page(200, health);
    if (path === '/metrics') {
      const text = metricsText(this.#api.registries, this.#api.environment.store.revision);
      return exchange.send(200, 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores', text);
    }
    if (path === '/' || path === '/index.html') return this.#index(exchange);
    if (path === '/version' || path === '/version/') return this.#version(exchange);
    const openId = openIdDocument(path, exchange.request.headers.host ?? '', this.#tokenKeys);
    if (openId !== undefined) {
      if (exchange.request.method !== 'GET') throw methodNotAllowed();
      exchange.response.setHeader('cache-control', `public, max-age=${OPENID_MAX_AGE}`);
      return exchange.send(200, openId.type, openId.json);
    }
    if (path.startsWith('/openapi/')) return this.#openApiDocument(exchange);
    return this.#discoveryDocument(exchange);
  }

  #index(exchange: Exchange): Promise<void> {
    return exchange.send(200, 'application/json', indented(JSON.stringify({ paths: this.#served.discovery.paths })));
  }

  #version(exchange: Exchange): Promise<void> {
    const { request } = exchange;
    if (request.method !== 'GET') throw methodNotAllowed();
    checkProduces(request, ['application/json']);
    return exchange.send(200, 'application/json', indented(JSON.stringify(versionInfo)));
  }

  async #discoveryDocument(exchange: Exchange): Promise<void> {
    const { path, request } = exchange;
    const document = this.#served.discovery.find(path, request.headers.accept);
    if (document === undefined) {
      // Below a group that is served the API answers, elsewhere nobody does.
      if (this.#served.discovery.covers(path)) throw unknownPath();
      return exchange.page(404, NOBODY);
    }
    // The aggregator looks at no method.
    const hasRoute = !isAggregators(path);
    if (request.method !== 'GET' && hasRoute) throw methodNotAllowed();
    if (document.type === undefined && hasRoute) checkProduces(request, MEDIA_TYPES);
    if (document.etag !== undefined) {
      exchange.response.setHeader('etag', document.etag);
      exchange.response.setHeader('vary', 'Accept');
      if (request.headers['if-none-match'] === document.etag) return notModified(exchange);
    }
    if (document.type !== undefined) return exchange.send(200, document.type, `${document.json}\n`);
    return exchange.json(200, document.json);
  }

  async #openApiDocument(exchange: Exchange): Promise<void> {
    const { path, request, response } = exchange;
    const document = this.#served.openApi.find(path);
    if (document === undefined) return exchange.page(404, NOBODY);
    if (document.etag !== undefined) {
      const hash = path.startsWith('/openapi/v3/') ? exchange.query.get('hash') : null;
      if (hash !== null && `"${hash}"` !== document.etag) return moved(exchange, document.etag);
      // What a hash names never changes: kubectl then keeps it, and asks no more (kube-openapi's handler3/handler.go).
      if (hash !== null) cacheForAYear(exchange);
      response.setHeader('etag', document.etag);
      response.setHeader('vary', 'Accept');
      if (request.headers['if-none-match'] === document.etag) return notModified(exchange);
    }
    if (path === '/openapi/v2' && asksForProtobuf(request.headers.accept)) {
      return exchange.send(200, OPENAPI_V2_ANSWER, this.#served.openApi.v2Protobuf);
    }
    return exchange.send(200, 'application/json', document.json);
  }
}

/** What the aggregator answers has no route of its own: of groups, all but the aggregator's. */
function isAggregators(path: string): boolean {
  const [, root, group, version] = path.split('/');
  return root === 'apis' && !version && group !== 'apiregistration.k8s.io';
}

function notModified({ response }: Exchange): void {
  response.writeHead(304).end();
}
function asksForProtobuf(accept: string | undefined): boolean {
  return accept !== undefined && [...mediaTypes(accept)].some(({ type }) => type === OPENAPI_V2_PROTOBUF);
}

const YEAR = 365 * 24 * 3600 * 1000;

function cacheForAYear({ response }: Exchange): void {
  response.setHeader('cache-control', 'public, immutable');
  // Clients compare it with their own clock, which is the host's and not the cluster's.
  response.setHeader('expires', new Date(new SystemClock().now() + YEAR).toUTCString());
}

/** The hash is of another version than is served now: the client is sent to the present one. */
function moved({ path, response }: Exchange, etag: string): void {
  response.writeHead(301, { location: `${path}?hash=${etag.replaceAll('"', '')}` }).end();
}
