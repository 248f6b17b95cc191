import type { KubeObject } from '../../../shared/kubernetes/objects';
import type { Resource } from '../../../shared/kubernetes/resources';
import type {
  ApiClient,
  DeleteOptions,
  ListOptions,
  ObjectList,
  PatchType,
  UserInfo,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../client';
import { type Api, checkNamespace, resourceAttributes } from './api';
import { deepCopy } from './json';
import { managerOfUser } from './managed-fields/manager';
import type { Pace } from './pace';
import { create } from './registry/create';
import { remove } from './registry/delete';
import { fetchList } from './registry/read';
import { objectKey, type Registry, type WriteRequest } from './registry/registry';
import { Selection } from './registry/selection';
import { watch } from './registry/watch';
import type { RequestAttributes } from './request';
import { statusOf, unknownPath } from './status-errors';
import { Stored } from './storage/stored';

/** The API without sockets and without encoding, through the same authorization, admission and validation. */
export class InProcessClient implements ApiClient {
  readonly user: UserInfo;
  readonly #api: Api;
  readonly #pace: Pace;
  readonly #manager: string;

  /** @param pace shared by all clients of the process. */
  constructor(api: Api, user: UserInfo, pace: Pace) {
    this.#api = api;
    this.#pace = pace;
    this.user = user;
    this.#manager = managerOfUser(user);
  }

  async get<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string): Promise<T> {
    const { registry } = this.#enter('get', resource, namespace, name);
    if (registry.conversion !== undefined) await registry.conversion.fetch(objectKey(resource, namespace, name));
    return answer(this.#api.read(registry, namespace, name, ''));
  }

  async getSubresource(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    subresource: string,
  ): Promise<KubeObject> {
    const { registry } = this.#enter('get', resource, namespace, name, { subresource });
    return answer(this.#api.read(registry, namespace, name, subresource));
  }

  async list<T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const { registry, selection } = this.#select('list', resource, options);
    const { items, revision } = await fetchList(registry, { namespace: options.namespace, selection });
    return { items: items.map((stored) => answer<T>(stored)), resourceVersion: String(revision) };
  }

  watch<T extends KubeObject>(
    resource: Resource<T>,
    options: WatchOptions,
    handler: (event: WatchEvent<T>) => void,
  ): { stop(): void } {
    let stop = () => {};
    try {
      const { registry, selection } = this.#select('watch', resource, options);
      const { namespace, resourceVersion } = options;
      const watching = watch(
        registry,
        { namespace, selection, resourceVersion },
        {
          event: (type, stored) => handler({ type, object: answer(stored) }),
          failed: (error) => handler({ type: 'ERROR', object: statusOf(error) }),
        },
      );
      stop = () => watching.stop();
    } catch (error) {
      // As over the wire, a watch that cannot be is one whose only event says so.
      const event: WatchEvent<T> = { type: 'ERROR', object: statusOf(error) };
      let stopped = false;
      stop = () => {
        stopped = true;
      };
      this.#api.environment.store.afterDeliveries(() => {
        if (!stopped) handler(event);
      });
    }
    return { stop: () => stop() };
  }

  async create<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    await this.#pace.enter();
    const namespace = resource.namespaced ? object.metadata.namespace : undefined;
    const virtual = this.#api.virtual(resource);
    if (virtual !== undefined) {
      this.#api.authorize(resourceAttributes(this.user, 'create', resource, namespace, ''));
      const asked = { user: this.user, namespace, dryRun: options.dryRun === true };
      return answer(await virtual.create(deepCopy(object), asked));
    }
    // Rules for creating cannot name objects; admission may look at the name.
    const { registry, request } = this.#enter('create', resource, namespace, '', options);
    checkNamespace(resource, namespace);
    // What a caller hands over may share parts with what it holds from a watch.
    const named = { ...request, attributes: { ...request.attributes, name: object.metadata.name ?? '' } };
    return answer(await create(registry, named, namespace, deepCopy(object)));
  }

  async update<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    await this.#pace.enter();
    const { namespace, name = '' } = object.metadata;
    const { registry, request } = this.#enter('update', resource, namespace, name, options);
    const { body } = await this.#api.put(registry, request, namespace, name, options.subresource ?? '', object);
    return answer(body);
  }

  async patch<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
    type: PatchType,
    patch: unknown,
    options: WriteOptions = {},
  ): Promise<T> {
    await this.#pace.enter();
    const { registry, request } = this.#enter('patch', resource, namespace, name, options);
    const subresource = options.subresource ?? '';
    if (type !== 'apply') {
      return answer(await this.#api.patch(registry, request, namespace, name, subresource, type, patch));
    }
    // Whoever applies hands over an object of the kind, in part.
    const configuration = deepCopy(patch) as KubeObject;
    const wanted = { configuration, force: options.force === true };
    return answer((await this.#api.apply(registry, request, namespace, name, subresource, wanted)).body);
  }

  async delete<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions = {},
  ): Promise<void> {
    await this.#pace.enter();
    const { registry, request } = this.#enter('delete', resource, namespace, name, options);
    await remove(registry, request, namespace, name, options);
  }

  async createSubresource(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    subresource: string,
    body: KubeObject,
  ): Promise<unknown> {
    await this.#pace.enter();
    const { registry, request } = this.#enter('create', resource, namespace, name, { subresource });
    return this.#api.act(registry, request, namespace, name, subresource, deepCopy(body));
  }

  #select(verb: string, resource: Resource, options: ListOptions): { registry: Registry; selection: Selection } {
    const { registry } = this.#enter(verb, resource, options.namespace, '');
    return { registry, selection: new Selection(registry.definition, options.labelSelector, options.fieldSelector) };
  }

  /** @throws StatusError 403, or 404 when the resource is not served. */
  #enter(
    verb: string,
    resource: Resource,
    namespace: string | undefined,
    name: string,
    options: WriteOptions = {},
  ): { registry: Registry; request: WriteRequest } {
    const { subresource = '', dryRun = false } = options;
    const scope = resource.namespaced ? namespace : undefined;
    const attributes: RequestAttributes = resourceAttributes(this.user, verb, resource, scope, name, subresource);
    this.#api.authorize(attributes);
    const registry = this.#api.registry(resource);
    if (registry.resource.namespaced !== resource.namespaced) throw unknownPath();
    const manager = options.fieldManager ?? this.#manager;
    return { registry, request: { attributes, dryRun, manager, warn: () => {} } };
  }
}

/** What a resource's registry answers is of the type that the resource's handle says. */
function answer<T extends KubeObject>(body: Stored | KubeObject): T {
  return (body instanceof Stored ? body.object : body) as T;
}
