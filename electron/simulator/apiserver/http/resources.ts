import type { KubeObject, Status } from '../../../../shared/kubernetes/objects';
import { groupResourceOf, type Resource } from '../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../shared/kubernetes/status-error';
import type { DeleteOptions, PatchType } from '../../client';
import { timestamp } from '../../clock';
import { type Api, checkNamespace } from '../api';
import { servedResources } from '../discovery/served-resource';
import { writeJson } from '../encoding/json-writer';
import { kindText } from '../go-text';
import { managerOfUserAgent } from '../managed-fields/manager';
import { create } from '../registry/create';
import type { ResourceDefinition } from '../registry/definition';
import { remove, removeCollection } from '../registry/delete';
import { matchName, matchNamespace } from '../registry/names';
import { fetch, fetchList } from '../registry/read';
import { objectKey, type Registry, type WriteRequest } from '../registry/registry';
import { checkReached, parseVersion } from '../registry/resource-version';
import { RETURNS_DELETED } from '../registry/returns-deleted';
import { noteCreator } from '../registry/track';
import type { ApiServerOptions } from '../server';
import { badRequest, failure, methodNotAllowed, notFound } from '../status-errors';
import { Stored } from '../storage/stored';
import { conversation } from '../streaming/conversation';
import { serveLogs } from '../streaming/logs';
import { ProxyHandler } from '../streaming/proxy';
import { ProxyTargets } from '../streaming/proxy-target';
import { scaleShown } from '../subresources/scale';
import { accepted } from './accept';
import { contentType, readBody, unsupportedMediaType } from './body';
import { deleteOptions } from './delete-options';
import type { Exchange } from './exchange';
import { tellProblems, warnOf } from './field-validation';
import { listOptions } from './list-options';
import { asKubeObject, decodeDeleteOptions, decodeObject, interpret, Refusal } from './object-body';
import { checkPatched, readConfiguration, readPatch } from './patch-body';
import { Representation } from './representation';
import { checkRoute, NOBODY, PATCH_MEDIA_TYPES } from './routes';
import { responseConnection, type WatchConnection } from './watch-connection';
import { WatchStream } from './watch-stream';
import { type WriteOptions, writeOptions } from './write-options';

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
    this.#proxy = new ProxyHandler(api, new ProxyTargets(api, options.kubelets, options.random.fork()));
  }

  async handle(exchange: Exchange): Promise<void> {
    const { info } = exchange;
    const virtual = this.#api.virtual(info);
    if (virtual !== undefined) {
      checkRoute(exchange, virtual);
      const accept = accepted(exchange.request, exchange.query, 'as is');
      const { object, options } = await this.#read(exchange, virtual.resource, 'CreateOptions');
      matchNamespace(virtual.resource, object.metadata, info.namespace);
      noteCreator(object, virtual.resource, options.manager, timestamp(this.#api.environment.clock));
      const answer = await virtual.create(object, {
        user: exchange.user,
        namespace: virtual.resource.namespaced ? info.namespace : undefined,
        dryRun: options.dryRun,
      });
      return exchange.json(201, writeJson(answer), accept);
    }
    if (!this.#isOurs(info)) return exchange.page(404, NOBODY);
    const registry = this.#api.registry(info);
    const { deprecation, isCustom = false } = registry.definition;
    const warn = () => {
      if (deprecation !== undefined) exchange.warn(deprecation);
    };
    if (isCustom) {
      // Told even of what is not there.
      warn();
      if (this.#isAway(exchange, registry.definition)) return exchange.page(404, NOBODY);
    }
    checkRoute(exchange, registry.definition);
    if (!isCustom) warn();
    // What cannot be answered is not begun.
    const offers = info.subresource === 'log' ? 'as is' : 'objects';
    if (info.subresource !== 'proxy') accepted(exchange.request, exchange.query, offers, !isCustom);
    if (info.group === '' && info.subresource === 'proxy') return this.#proxy.handle(exchange);
    if (info.group === '' && ['exec', 'attach', 'portforward'].includes(info.subresource)) {
      await conversation(this.#api, this.#options.kubelets, exchange);
      throw badRequest('Upgrade request required');
    }
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
      return serveLogs(this.#api, this.#options.kubelets, exchange);
    }
    checkReached(parseVersion(exchange.query.get('resourceVersion') ?? ''), registry.store.revision);
    await registry.conversion?.fetch(objectKey(resource, namespace, name));
    await this.#answer(exchange, registry, 200, this.#api.read(registry, namespace, name, subresource));
  }

  async #list(exchange: Exchange, registry: Registry): Promise<void> {
    const { info, query } = exchange;
    const options = listOptions(registry, query, scope(registry, info), info.name, false);
    const representation = this.#representation(exchange, registry);
    await exchange.json(200, representation.list(await fetchList(registry, options)), representation.accept);
  }

  /** @param upgrade for a WebSocket: makes the connection once nothing can be refused any more. */
  async watch(exchange: Exchange, registry: Registry, upgrade?: (isText: boolean) => Promise<WatchConnection>) {
    const { info, query, response } = exchange;
    const { definition, resource } = registry;
    if (definition.verbs?.includes('watch') === false) {
      const message = `watch is not supported on resources of kind ${JSON.stringify(groupResourceOf(resource))}`;
      throw failure(405, 'MethodNotAllowed', message, { kind: resource.resource });
    }
    const options = listOptions(registry, query, scope(registry, info), info.name, true);
    const stream = new WatchStream(registry, this.#representation(exchange, registry, 'stream'), options);
    await registry.conversion?.ready();
    let refusal: Status | undefined;
    try {
      stream.prepare();
    } catch (error) {
      // As upstream's watch cache has it: a stream whose only event says that the version is too old, or not reached yet.
      if (!(error instanceof StatusError) || !['Expired', 'Timeout'].includes(error.reason)) throw error;
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
    const { object, options } = await this.#read(
      exchange,
      kindAt(registry, subresource),
      'CreateOptions',
      registry.definition,
    );
    if (subresource !== '') {
      const request = this.#writing(exchange, options);
      const answer = await this.#api.act(registry, request, namespace, name, subresource, object);
      return this.#answerWritten(exchange, registry, 201, answer);
    }
    const target = registry.resource.namespaced ? namespace : undefined;
    checkNamespace(registry.resource, target);
    const request = this.#writing(exchange, options, object.metadata.name);
    await this.#answerWritten(exchange, registry, 201, await create(registry, request, target, object));
  }

  async #update(exchange: Exchange, registry: Registry): Promise<void> {
    const { namespace, name, subresource } = exchange.info;
    const { object, options } = await this.#read(
      exchange,
      kindAt(registry, subresource),
      'UpdateOptions',
      registry.definition,
    );
    matchName(registry.resource, object.metadata, namespace, name);
    const request = this.#writing(exchange, options);
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
    const bytes = await readBody(exchange.request);
    const options = writeOptions(exchange, 'PatchOptions', type === 'apply' ? 'apply' : 'other');
    const request = this.#writing(exchange, options);
    if (type === 'apply') {
      const { patch, problems } = readConfiguration(bytes);
      // That it is of the kind, and what its fields hold, is checked by whoever applies it.
      const configuration = patch as KubeObject;
      configuration.metadata ??= {};
      const check = (object: KubeObject) => checkApplied(registry, object);
      const wanted = { configuration, force: options.force };
      const { body, created } = await this.#api.apply(registry, request, namespace, name, subresource, wanted, check);
      tellRepeated(exchange, problems, options);
      return this.#answerWritten(exchange, registry, created ? 201 : 200, body);
    }
    // What is not there is not found, whatever the patch says.
    await fetch(registry, namespace, name);
    const read = readPatch(bytes, type);
    const kind = kindAt(registry, subresource);
    const check = (object: KubeObject) => {
      const custom = kind === registry.resource ? registry.definition.decode : undefined;
      const checked = checkPatched(exchange, kind, object, read, options.fieldValidation, type, custom);
      matchName(registry.resource, checked.metadata, namespace, name);
      return checked;
    };
    const body = await this.#api.patch(registry, request, namespace, name, subresource, type, read.patch, check);
    await this.#answerWritten(exchange, registry, 200, body);
  }

  async #delete(exchange: Exchange, registry: Registry): Promise<void> {
    const { namespace, name } = exchange.info;
    const options = await this.#deleteOptions(exchange);
    const request = this.#deleting(exchange, options);
    const { stored, gone } = await remove(registry, request, namespace, name, options);
    const { resource } = registry;
    if (!gone || RETURNS_DELETED.has(groupResourceOf(resource))) {
      return this.#answerWritten(exchange, registry, !gone && options.cascades ? 202 : 200, stored);
    }
    const { uid = '' } = stored.object.metadata;
    const details = { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.resource, uid };
    const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
    exchange.trace?.answered({ ...status, code: 200 });
    await exchange.json(200, writeJson(status), accepted(exchange.request, exchange.query, 'objects'));
  }

  async #deleteCollection(exchange: Exchange, registry: Registry): Promise<void> {
    const { info } = exchange;
    const query = listOptions(registry, exchange.query, scope(registry, info), '', false);
    const options = await this.#deleteOptions(exchange);
    const result = await removeCollection(registry, this.#deleting(exchange, options), query, options);
    const representation = this.#representation(exchange, registry);
    await exchange.json(200, representation.list(result), representation.accept);
  }

  async #deleteOptions(exchange: Exchange) {
    const body = await readBody(exchange.request);
    const type = contentType(exchange.request.headers['content-type']);
    return deleteOptions(body.length === 0 ? undefined : decodeDeleteOptions(body, type), exchange.query);
  }

  /** An object of a kind, with its fields checked against the schema. */
  async #read(
    exchange: Exchange,
    kind: Pick<Resource, 'group' | 'version' | 'kind'>,
    options: 'CreateOptions' | 'UpdateOptions',
    definition?: ResourceDefinition,
  ): Promise<{ object: KubeObject; options: WriteOptions }> {
    const body = await readBody(exchange.request);
    const read = writeOptions(exchange, options);
    const custom = kind === definition?.resource ? definition?.decode : undefined;
    const decoded = decodeObject(body, contentType(exchange.request.headers['content-type']), kind, custom);
    tellProblems(exchange, kind, decoded.problems, read.fieldValidation);
    const object = asKubeObject(decoded);
    exchange.trace?.requested(object.metadata);
    return { object, options: read };
  }

  #writing(exchange: Exchange, { dryRun, manager, shown }: Writing, name = ''): WriteRequest {
    const { info, user } = exchange;
    return {
      attributes: { ...info, user, name: info.name === '' ? name : info.name },
      dryRun,
      options: shown,
      manager,
      warn: (message) => exchange.warn(message),
      annotate: (key, value) => exchange.trace?.annotate(key, value),
      trace: exchange.trace,
    };
  }

  #deleting(exchange: Exchange, { dryRun = false, ...options }: DeleteOptions): WriteRequest {
    const { gracePeriodSeconds, propagationPolicy, preconditions } = options;
    const manager = managerOfUserAgent(exchange.request.headers['user-agent']);
    const shown = {
      ...definedOnly({ gracePeriodSeconds, preconditions, propagationPolicy }),
      ...(dryRun ? { dryRun: ['All'] } : {}),
    };
    return this.#writing(exchange, { dryRun, manager, shown });
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
    await exchange.json(code, hasShapes ? representation.one(body) : writeJson(body), representation.accept);
  }

  async #answerWritten(exchange: Exchange, registry: Registry, code: number, body: Stored | KubeObject): Promise<void> {
    if (!(body instanceof Stored) && body.kind === 'Status') exchange.trace?.answered({ ...body, code });
    const { name = '', resourceVersion } = (body instanceof Stored ? body.object : body).metadata ?? {};
    if (resourceVersion !== undefined) exchange.trace?.stored(name, resourceVersion);
    await this.#answer(exchange, registry, code, body);
  }
}

type Info = Exchange['info'];
type Writing = Pick<WriteOptions, 'dryRun' | 'manager' | 'shown'>;

/**
 * What is applied is of the right shape by then; what its fields hold may still be nothing that they can hold.
 * @throws StatusError 500: upstream has no words of its own for it (fieldmanager/structuredmerge.go).
 */
function checkApplied({ resource, definition }: Registry, object: KubeObject): KubeObject {
  try {
    return asKubeObject(interpret(object, resource, definition.decode));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { name = '', namespace = '' } = object.metadata;
    const kind = kindText(object.apiVersion, object.kind);
    throw failure(
      500,
      undefined,
      `failed to convert new object (${namespace}/${name}; ${kind}) to proper version: unable to convert unstructured object to ${kind}: ${error.message}`,
    );
  }
}

/** The namespace that a collection is limited to. */
function scope(registry: Registry, info: Info): string {
  return registry.resource.namespaced ? info.namespace : '';
}

/** The kind that is written at a path: a subresource's own, or that of the resource. */
function kindAt({ resource, definition }: Registry, subresource: string): Pick<Resource, 'group' | 'version' | 'kind'> {
  if (subresource === '' || subresource === 'status') return resource;
  const served = servedResources(definition).find(({ name }) => name === `${resource.resource}/${subresource}`);
  if (served === undefined) return resource;
  return {
    group: served.kindGroup ?? (served.kindVersion === undefined ? resource.group : ''),
    version: served.kindVersion ?? resource.version,
    kind: served.kind,
  };
}

/** Without members that are not set. */
function definedOnly(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Of what is applied, only what stands twice is a matter of field validation. */
function tellRepeated(exchange: Exchange, problems: readonly string[], { fieldValidation }: WriteOptions): void {
  if (fieldValidation === 'Warn') warnOf(exchange, problems);
  const [problem] = problems;
  if (problem !== undefined && fieldValidation === 'Strict') {
    throw badRequest(`error strict decoding YAML: ${problem}`);
  }
}
