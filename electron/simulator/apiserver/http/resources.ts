import { messageOf } from '../../../../shared/error-message';
import type { KubeObject, Pod, Status } from '../../../../shared/kubernetes/objects';
import { groupResourceOf, type Resource } from '../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../shared/kubernetes/status-error';
import type { PatchType } from '../../client';
import { type Api, checkNamespace } from '../api';
import { checkHasKind } from '../custom-resources/decode';
import { deepCopy } from '../json';
import { create } from '../registry/create';
import type { ResourceDefinition } from '../registry/definition';
import { remove, removeCollection } from '../registry/delete';
import { get, list } from '../registry/read';
import type { Registry, WriteRequest } from '../registry/registry';
import { checkKind } from '../registry/write';
import type { ApiServerOptions } from '../server';
import { badRequest, methodNotAllowed, notFound } from '../status-errors';
import { Stored } from '../storage/stored';
import { serveLogs } from '../streaming/logs';
import { ProxyHandler } from '../streaming/proxy';
import { scaleShown } from '../subresources/scale';
import { accepted } from './accept';
import { contentType, decodeObject, isTooDeep, readBody, unsupportedMediaType } from './body';
import { deleteOptions, isDryRun } from './delete-options';
import type { Exchange } from './exchange';
import { applyOptions, fieldManager } from './field-manager';
import { checkedFields } from './field-validation';
import { listOptions } from './list-options';
import { Representation } from './representation';
import { checkRoute, NOBODY, PATCH_MEDIA_TYPES } from './routes';
import { responseConnection, type WatchConnection } from './watch-connection';
import { WatchStream } from './watch-stream';

/** Upstream returns what these registries deleted (`ReturnDeletedObject`); of the others only a Status. */
const RETURNS_DELETED = new Set([
  'namespaces',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'podtemplates',
  'resourcequotas',
  'serviceaccounts',
  'services',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'deviceclasses.resource.k8s.io',
  'resourceclaims.resource.k8s.io',
  'resourceclaimtemplates.resource.k8s.io',
  'resourceslices.resource.k8s.io',
  'storageclasses.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
]);

const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** Answers a request for a resource: the verbs of the API over HTTP. The request has been authorized. */
export class ResourceHandler {
  readonly #api: Api;
  readonly #options: ApiServerOptions;
  readonly #proxy: ProxyHandler;

  constructor(api: Api, options: ApiServerOptions) {
    this.#api = api;
    this.#options = options;
    // Which of a service's pods is asked must not shift what the cluster draws.
    this.#proxy = new ProxyHandler(api, options.kubelets, options.random.fork());
  }

  async handle(exchange: Exchange): Promise<void> {
    const { info } = exchange;
    const virtual = this.#api.virtual(info);
    if (virtual !== undefined) {
      checkRoute(exchange, virtual);
      const accept = accepted(exchange.request, exchange.query, 'as is');
      const body = await this.#read(exchange, virtual);
      matchNamespace(virtual.resource, body, info.namespace);
      const answer = await virtual.create(body, {
        user: exchange.user,
        namespace: virtual.resource.namespaced ? info.namespace : undefined,
        dryRun: isDryRun(exchange.query.getAll('dryRun')),
      });
      return exchange.json(201, JSON.stringify(answer), accept);
    }
    if (!this.#isOurs(info)) return exchange.page(404, NOBODY);
    const registry = this.#api.registry(info);
    const { deprecation } = registry.definition;
    if (registry.definition.isCustom === true && deprecation !== undefined) exchange.warn(deprecation);
    if (registry.definition.isCustom === true && this.#isAway(exchange, registry.definition)) {
      return exchange.page(404, NOBODY);
    }
    checkRoute(exchange, registry.definition);
    if (registry.definition.isCustom !== true && deprecation !== undefined) exchange.warn(deprecation);
    // What cannot be answered is not begun.
    const hasProtobuf = registry.definition.isCustom !== true;
    if (!['log', 'proxy'].includes(info.subresource))
      accepted(exchange.request, exchange.query, 'objects', hasProtobuf);
    if (info.group === '' && info.subresource === 'proxy') return this.#proxy.handle(exchange);
    await this.#verb(exchange, registry);
  }

  /**
   * Whether nobody answers for a custom resource there, as apiextensions' customresource_handler.go has it.
   * @throws StatusError 404 when the object has no such part.
   */
  #isAway({ info }: Exchange, { resource, hasStatus, scale }: ResourceDefinition): boolean {
    const { subresource, name, namespace, verb } = info;
    if (resource.namespaced && namespace === '' && verb !== 'list' && verb !== 'watch') return true;
    const parts = ['', ...(hasStatus ? ['status'] : []), ...(scale === undefined ? [] : ['scale'])];
    if (!parts.includes(subresource)) throw notFound(resource, name);
    return false;
  }

  /** Whether anything answers below the path's group, or, in a group of custom resources, for the resource itself. */
  #isOurs({ group, version, resource: name, path }: Info): boolean {
    if (path.startsWith('//')) return false;
    const { definitions, virtualResources } = this.#api;
    return (
      definitions.some(({ resource, isCustom }) => {
        if (resource.group !== group) return false;
        return isCustom !== true || (resource.version === version && resource.resource === name);
      }) || virtualResources.some(({ resource }) => resource.group === group)
    );
  }

  async #verb(exchange: Exchange, registry: Registry): Promise<void> {
    switch (exchange.info.verb) {
      case 'get':
        return this.#get(exchange, registry);
      case 'list':
        return this.#list(exchange, registry);
      case 'watch':
        return this.watch(exchange, registry);
      case 'create':
        return this.#create(exchange, registry);
      case 'update':
        return this.#update(exchange, registry);
      case 'patch':
        return this.#patch(exchange, registry);
      case 'delete':
        return this.#delete(exchange, registry);
      case 'deletecollection':
        return this.#deleteCollection(exchange, registry);
      default:
        throw methodNotAllowed();
    }
  }

  async #get(exchange: Exchange, registry: Registry): Promise<void> {
    const { namespace, name, subresource } = exchange.info;
    const { resource } = registry;
    if (resource.group === '' && resource.resource === 'pods' && subresource === 'log') {
      const pod: Pod = get(registry, namespace, name).object;
      return serveLogs(exchange, pod, this.#options.kubelets, registry.clock);
    }
    await this.#answer(exchange, registry, 200, this.#api.read(registry, namespace, name, subresource));
  }

  async #list(exchange: Exchange, registry: Registry): Promise<void> {
    const { info, query } = exchange;
    const options = listOptions(registry, query, scope(registry, info), info.name, false);
    const representation = this.#representation(exchange, registry);
    await exchange.json(200, representation.list(list(registry, options)), representation.accept);
  }

  /** @param upgrade for a WebSocket: makes the connection once nothing can be refused any more. */
  async watch(exchange: Exchange, registry: Registry, upgrade?: (isText: boolean) => Promise<WatchConnection>) {
    const { info, query, response } = exchange;
    const options = listOptions(registry, query, scope(registry, info), info.name, true);
    const stream = new WatchStream(registry, this.#representation(exchange, registry, 'stream'), options);
    let refusal: Status | undefined;
    try {
      stream.prepare();
    } catch (error) {
      // As upstream's watch cache has it: a stream whose only event says that the version is too old.
      if (!(error instanceof StatusError) || error.reason !== 'Expired') throw error;
      refusal = error.status;
    }
    const { encoder } = stream;
    if (upgrade === undefined) {
      exchange.setCommonHeaders();
      response.setHeader('content-type', encoder.contentType);
      response.writeHead(200);
      response.flushHeaders();
    }
    let connection: WatchConnection;
    try {
      connection = upgrade === undefined ? responseConnection(response, encoder.isText) : await upgrade(encoder.isText);
    } catch (error) {
      stream.stop();
      throw error;
    }
    if (refusal === undefined) return stream.connect(connection, this.#options.random);
    connection.send(encoder.encode('ERROR', refusal));
    connection.end();
  }

  async #create(exchange: Exchange, registry: Registry): Promise<void> {
    const { namespace, name, subresource } = exchange.info;
    if (subresource !== '') {
      const body = await this.#object(exchange, subresource);
      const answer = await this.#api.act(registry, this.#writing(exchange), namespace, name, subresource, body);
      return this.#answerWritten(exchange, registry, 201, answer);
    }
    const object = await this.#read(exchange, registry);
    const target = registry.resource.namespaced ? namespace : undefined;
    checkNamespace(registry.resource, target);
    const request = this.#writing(exchange, object.metadata?.name);
    await this.#answerWritten(exchange, registry, 201, await create(registry, request, target, object));
  }

  async #update(exchange: Exchange, registry: Registry): Promise<void> {
    const { namespace, name, subresource } = exchange.info;
    const object =
      subresource === 'scale' ? await this.#object(exchange, 'Scale') : await this.#read(exchange, registry);
    object.metadata ??= {};
    const request = this.#writing(exchange);
    const { body, created } = await this.#api.put(registry, request, namespace, name, subresource, object);
    await this.#answerWritten(exchange, registry, created ? 201 : 200, body);
  }

  async #patch(exchange: Exchange, registry: Registry): Promise<void> {
    const { namespace, name, subresource } = exchange.info;
    const type = PATCH_TYPES[contentType(exchange.request.headers['content-type'])];
    const isCustom = registry.definition.isCustom === true;
    if (type === undefined || (isCustom && type === 'strategic')) {
      throw unsupportedMediaType(PATCH_MEDIA_TYPES.filter((each) => !isCustom || PATCH_TYPES[each] !== 'strategic'));
    }
    const text = await readBody(exchange.request);
    const { force } = applyOptions(exchange, type === 'apply');
    const request = this.#writing(exchange);
    const check = (object: KubeObject) => checkedFields(exchange, registry, object);
    if (type === 'apply') {
      // That it is of the kind, and what its fields hold, is checked by whoever applies it.
      const configuration = decodeObject(text, 'application/yaml', 'patch') as unknown as KubeObject;
      configuration.metadata ??= {};
      const wanted = { configuration, force };
      const { body, created } = await this.#api.apply(registry, request, namespace, name, subresource, wanted, check);
      return this.#answerWritten(exchange, registry, created ? 201 : 200, body);
    }
    const patch = decodePatch(text);
    const body = await this.#api.patch(registry, request, namespace, name, subresource, type, patch, check);
    await this.#answerWritten(exchange, registry, 200, body);
  }

  async #delete(exchange: Exchange, registry: Registry): Promise<void> {
    const { namespace, name } = exchange.info;
    const options = await this.#deleteOptions(exchange);
    const request = this.#writing(exchange);
    const { stored, gone } = await remove(
      registry,
      { ...request, dryRun: options.dryRun === true },
      namespace,
      name,
      options,
    );
    const { resource } = registry;
    if (!gone || RETURNS_DELETED.has(groupResourceOf(resource))) {
      return this.#answerWritten(exchange, registry, 200, stored);
    }
    const { uid = '' } = stored.object.metadata;
    const details = { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.resource, uid };
    await this.#api.environment.store.flushed();
    const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
    await exchange.json(200, JSON.stringify(status), accepted(exchange.request, exchange.query, 'objects'));
  }

  async #deleteCollection(exchange: Exchange, registry: Registry): Promise<void> {
    const { info, query } = exchange;
    const options = await this.#deleteOptions(exchange);
    const { selection, namespace } = listOptions(registry, query, scope(registry, info), '', false);
    const request = { ...this.#writing(exchange), dryRun: options.dryRun === true };
    const result = await removeCollection(registry, request, namespace, selection, options);
    await this.#api.environment.store.flushed();
    const representation = this.#representation(exchange, registry);
    await exchange.json(200, representation.list(result), representation.accept);
  }

  async #deleteOptions(exchange: Exchange) {
    const text = await readBody(exchange.request);
    const type = contentType(exchange.request.headers['content-type']);
    return deleteOptions(text === '' ? undefined : decodeObject(text, type, 'DeleteOptions'), exchange.query);
  }

  async #object(exchange: Exchange, kind: string): Promise<KubeObject> {
    const text = await readBody(exchange.request);
    const object = decodeObject(text, contentType(exchange.request.headers['content-type']), kind);
    // What the fields hold is checked by whoever reads them; that there are fields is all that is known here.
    return object as unknown as KubeObject;
  }

  /** An object of the registry's kind, with its fields checked against the schema. */
  async #read(
    exchange: Exchange,
    registry: { readonly resource: Resource; readonly definition?: ResourceDefinition },
  ): Promise<KubeObject> {
    const text = await readBody(exchange.request);
    const type = contentType(exchange.request.headers['content-type']);
    const object = decodeObject(text, type, registry.resource.kind) as unknown as KubeObject;
    if (registry.definition?.isCustom === true) checkHasKind(registry.resource, object);
    checkKind(registry, object);
    return checkedFields(exchange, registry, object, type === 'application/json' ? text : undefined);
  }

  #writing(exchange: Exchange, name?: string): WriteRequest {
    const { info, user, query } = exchange;
    const attributes = { ...info, user, name: info.name === '' ? (name ?? '') : info.name };
    return {
      attributes,
      dryRun: isDryRun(query.getAll('dryRun')),
      manager: fieldManager(exchange),
      warn: (message) => exchange.warn(message),
      annotate: (key, value) => exchange.trace?.annotate(key, value),
      trace: exchange.trace,
    };
  }

  #representation(
    exchange: Exchange,
    { definition, clock }: Pick<Registry, 'definition' | 'clock'>,
    offers: 'objects' | 'stream' = 'objects',
  ) {
    const { request, query } = exchange;
    const accept = accepted(request, query, offers, definition.isCustom !== true);
    return new Representation(definition, accept, query.get('includeObject'), () => clock.now());
  }

  async #answer(exchange: Exchange, registry: Registry, code: number, body: Stored | KubeObject): Promise<void> {
    const isScale = !(body instanceof Stored) && exchange.info.subresource === 'scale';
    const shown = isScale ? { clock: registry.clock, definition: scaleShown(registry.definition) } : registry;
    const representation = this.#representation(exchange, shown);
    const hasShapes = body instanceof Stored || isScale;
    await exchange.json(code, hasShapes ? representation.one(body) : JSON.stringify(body), representation.accept);
  }

  /** A write is answered only once it would survive the process. */
  async #answerWritten(exchange: Exchange, registry: Registry, code: number, body: Stored | KubeObject): Promise<void> {
    const { name = '', resourceVersion } = (body instanceof Stored ? body.object : body).metadata ?? {};
    if (resourceVersion !== undefined) exchange.trace?.stored(name, resourceVersion);
    await this.#api.environment.store.flushed();
    await this.#answer(exchange, registry, code, body);
  }
}

type Info = Exchange['info'];

/** @throws StatusError 400 when the object is of another namespace than the path. */
function matchNamespace({ namespaced }: Resource, { metadata }: KubeObject, namespace: string): void {
  if (!namespaced) return;
  metadata.namespace ||= namespace;
  if (metadata.namespace === namespace) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** The namespace that a collection is limited to. */
function scope(registry: Registry, info: Info): string {
  return registry.resource.namespaced ? info.namespace : '';
}

function decodePatch(text: string): unknown {
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding patch: ${messageOf(error)}`);
  }
  if (isTooDeep(patch)) throw badRequest('error decoding patch: exceeded max depth');
  return deepCopy(patch);
}
