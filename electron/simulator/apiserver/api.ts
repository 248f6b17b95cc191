import { setMaxListeners } from 'node:events';
import type { KubeObject } from '../../../shared/kubernetes/objects';
import { groupResourceOf, type Resource } from '../../../shared/kubernetes/resources';
import type { PatchType, UserInfo } from '../client';
import { AdmissionChain } from './admission/chain';
import type { AdmissionPlugin, ServedApi } from './admission/plugin';
import type { Authorizer } from './authorization/authorizer';
import { checkAllowed } from './authorization/check';
import { deepCopy } from './json';
import { mentionsManagedFields, patched } from './patch/patch';
import type { SchemaNode } from './patch/schema-node';
import { type ApplyRequest, applyTo } from './registry/apply';
import type { ResourceDefinition } from './registry/definition';
import { matchNamespace } from './registry/names';
import { place } from './registry/place';
import { get } from './registry/read';
import { makeRegistry, type Registry, type RegistryEnvironment, reader, type WriteRequest } from './registry/registry';
import { replace, update } from './registry/update';
import type { TokenIssuer, VirtualResource } from './registry/virtual-resource';
import { admissionRequest } from './registry/write';
import type { RequestAttributes } from './request';
import { asWritten } from './schema/as-written';
import { badRequest, methodNotAllowed, unknownPath } from './status-errors';
import type { Stored } from './storage/stored';
import { actionKey, subresourceActions } from './subresources/actions';
import { noApplyOfScale, ofScale } from './subresources/scale';
import type { SubresourceAction } from './subresources/subresource';
import { viewOf } from './subresources/views';

export interface ApiOptions extends Omit<RegistryEnvironment, 'admission' | 'place'> {
  readonly definitions: readonly ResourceDefinition[];
  readonly virtualResources: readonly VirtualResource[];
  readonly authorizer: Authorizer;
  readonly tokenIssuer: TokenIssuer | undefined;
  /** What a strategic merge patch knows of a kind. */
  schemaFor(resource: Resource): SchemaNode | undefined;
}

type ResourceName = Pick<Resource, 'group' | 'version' | 'resource'>;

/**
 * What is served, whichever way a request comes in: over HTTPS or from within the process. A request has been decoded
 * here and is answered with objects.
 */
export class Api implements ServedApi {
  readonly authorizer: Authorizer;
  readonly virtualResources: readonly VirtualResource[];
  readonly stored: ServedApi['stored'];
  readonly allStored: ServedApi['allStored'];
  readonly #environment: RegistryEnvironment;
  readonly #registries = new Map<string, Registry>();
  readonly #retirements = new Map<string, AbortController>();
  #definitions: readonly ResourceDefinition[] = [];
  readonly #virtual = new Map<string, VirtualResource>();
  readonly #actions: ReadonlyMap<string, SubresourceAction>;
  readonly #schemaFor: ApiOptions['schemaFor'];

  /** @param plugins filled later: they are made with a client of this very API. */
  constructor(options: ApiOptions, plugins: readonly AdmissionPlugin[]) {
    const { store, clock, random, serviceRanges, nodePorts } = options;
    this.authorizer = options.authorizer;
    ({ stored: this.stored, allStored: this.allStored } = reader(store));
    this.virtualResources = options.virtualResources;
    this.#schemaFor = options.schemaFor;
    this.#environment = {
      store,
      clock,
      random,
      serviceRanges,
      nodePorts,
      admission: new AdmissionChain(plugins),
      place: (resource, object) => void place(this.registry(resource), object),
    };
    this.#actions = subresourceActions(options.tokenIssuer);
    this.serve(options.definitions);
    for (const virtual of options.virtualResources) this.#virtual.set(nameKey(virtual.resource), virtual);
  }

  get environment(): RegistryEnvironment {
    return this.#environment;
  }

  /** What is stored and served now, in the order of discovery. Another list whenever that changes. */
  get definitions(): readonly ResourceDefinition[] {
    return this.#definitions;
  }

  /** Serves further resources from now on; one that is served already is served by its new definition. */
  serve(definitions: readonly ResourceDefinition[]): void {
    this.#retire(definitions);
    for (const definition of definitions) {
      const environment = { ...this.#environment, ...(definition.store && { store: definition.store }) };
      const key = nameKey(definition.resource);
      const retirement = new AbortController();
      // Each watch listens, and there may be thousands.
      setMaxListeners(0, retirement.signal);
      this.#retirements.set(key, retirement);
      const schema = () => this.#nodeOf(definition);
      this.#registries.set(key, makeRegistry(environment, definition, schema, retirement.signal));
    }
    // What is served anew keeps its place.
    const next = new Map(this.#definitions.map((each) => [nameKey(each.resource), each]));
    for (const definition of definitions) next.set(nameKey(definition.resource), definition);
    this.#definitions = [...next.values()];
  }

  /** Serves these no longer: requests for them find nothing, and watches of them end. What is stored stays. */
  withdraw(definitions: readonly Pick<ResourceDefinition, 'resource'>[]): void {
    this.#retire(definitions);
    const names = new Set(definitions.map(({ resource }) => nameKey(resource)));
    for (const name of names) {
      this.#registries.delete(name);
      this.#retirements.delete(name);
    }
    this.#definitions = this.#definitions.filter(({ resource }) => !names.has(nameKey(resource)));
    const stays = new Set(this.#definitions.map(({ resource }) => groupResourceOf(resource)));
    for (const { resource } of definitions) {
      // What other versions have of it, they have in common.
      if (stays.has(groupResourceOf(resource))) continue;
      this.#environment.store.table(resource.group, resource.resource).forgetChanges();
    }
  }

  #retire(definitions: readonly Pick<ResourceDefinition, 'resource'>[]): void {
    for (const { resource } of definitions) this.#retirements.get(nameKey(resource))?.abort();
  }

  /** Of every resource that is stored. */
  get registries(): Iterable<Registry> {
    return this.#registries.values();
  }

  /** @throws StatusError 404 when the resource is not served. */
  registry(resource: ResourceName): Registry {
    const registry = this.#registries.get(nameKey(resource));
    if (registry === undefined) throw this.#virtual.has(nameKey(resource)) ? methodNotAllowed() : unknownPath();
    registry.definition.beforeRead?.();
    return registry;
  }

  virtual(resource: ResourceName): VirtualResource | undefined {
    return this.#virtual.get(nameKey(resource));
  }

  /** @throws StatusError 403. */
  authorize(attributes: RequestAttributes): void {
    checkAllowed(this.authorizer, attributes);
  }

  /** GET of an object or of a view of it that is an object. */
  read(registry: Registry, namespace: string | undefined, name: string, subresource: string): Stored | KubeObject {
    const view = subresource === '' ? undefined : this.#view(registry, subresource);
    const stored = get(registry, namespace, name);
    // Other views show the whole object, and write a part of it.
    return subresource === 'scale' && view !== undefined ? view.view(stored.object) : stored;
  }

  /** PUT. */
  async put(
    registry: Registry,
    request: WriteRequest,
    namespace: string | undefined,
    name: string,
    subresource: string,
    object: KubeObject,
  ): Promise<{ body: Stored | KubeObject; created: boolean }> {
    if (subresource === '') {
      const { stored, created } = await replace(registry, request, namespace, name, 'main', () => deepCopy(object));
      return { body: stored, created };
    }
    const view = this.#view(registry, subresource);
    const stored = await update(registry, request, namespace, name, view.mode, (current) =>
      deepCopy(view.merge(current, object)),
    );
    return { body: subresource === 'scale' ? view.view(stored.object) : stored, created: false };
  }

  /**
   * PATCH.
   * @param check reads what the patch makes, as strictly as a body that came whole.
   */
  async patch(
    registry: Registry,
    request: WriteRequest,
    namespace: string | undefined,
    name: string,
    subresource: string,
    type: Exclude<PatchType, 'apply'>,
    patch: unknown,
    check: (object: KubeObject) => KubeObject = same,
  ): Promise<Stored | KubeObject> {
    const whole = mentionsManagedFields(type, patch);
    const schema = subresource === 'scale' ? undefined : this.#nodeOf(registry.definition);
    if (subresource === '') {
      return update(registry, request, namespace, name, 'main', (current, stored) =>
        check(patched(whole ? stored.whole : asWritten(current), type, patch, schema)),
      );
    }
    const view = this.#view(registry, subresource);
    const stored = await update(registry, request, namespace, name, view.mode, (current) =>
      deepCopy(view.merge(current, check(patched(asWritten(view.view(current)), type, patch, schema)))),
    );
    return subresource === 'scale' ? view.view(stored.object) : stored;
  }

  /** PATCH of what somebody wants to be, in part: server-side apply. */
  async apply(
    registry: Registry,
    request: WriteRequest,
    namespace: string | undefined,
    name: string,
    subresource: string,
    wanted: Omit<ApplyRequest, 'check'>,
    check: (object: KubeObject) => KubeObject = same,
  ): Promise<{ body: Stored | KubeObject; created: boolean }> {
    if (subresource === '') {
      const { stored, created } = await applyTo(registry, request, namespace, name, 'main', { ...wanted, check });
      return { body: stored, created };
    }
    const view = this.#view(registry, subresource);
    if (subresource === 'scale' && registry.definition.isCustom === true) throw noApplyOfScale();
    const configuration =
      subresource === 'scale' ? ofScale(registry.resource, wanted.configuration) : wanted.configuration;
    const { stored } = await applyTo(registry, request, namespace, name, view.mode, {
      force: wanted.force,
      configuration,
      check,
    });
    return { body: subresource === 'scale' ? view.view(stored.object) : stored, created: false };
  }

  /** POST to a subresource, or to a resource that is not stored. */
  async act(
    registry: Registry,
    request: WriteRequest,
    namespace: string | undefined,
    name: string,
    subresource: string,
    body: KubeObject,
  ): Promise<KubeObject> {
    const action = this.#actions.get(actionKey(registry.resource, subresource));
    if (action === undefined) {
      throw viewOf(registry.definition, subresource) === undefined ? unknownPath() : methodNotAllowed();
    }
    body.metadata ??= {};
    matchNamespace(registry.resource, body.metadata, namespace);
    const gate = admissionRequest(request, 'CREATE', body, undefined);
    await registry.admission.admit(gate);
    await registry.admission.validate(gate);
    return action(registry, request, get(registry, namespace, name), body);
  }

  #nodeOf(definition: ResourceDefinition): SchemaNode | undefined {
    return definition.isCustom === true ? definition.fieldNode : this.#schemaFor(definition.resource);
  }

  /** @throws StatusError 404 when the kind has no such view. */
  #view(registry: Registry, subresource: string) {
    const view = viewOf(registry.definition, subresource);
    if (view !== undefined) return view;
    throw this.#actions.has(actionKey(registry.resource, subresource)) ? methodNotAllowed() : unknownPath();
  }
}

const same = (object: KubeObject) => object;

/** @throws StatusError 400 when a namespaced resource is named without its namespace. */
export function checkNamespace(resource: Resource, namespace: string | undefined): void {
  if (resource.namespaced && !namespace) throw badRequest('an empty namespace may not be set during creation');
}

/** The attributes of a request for a resource. */
export function resourceAttributes(
  user: UserInfo,
  verb: string,
  resource: ResourceName,
  namespace: string | undefined,
  name: string,
  subresource = '',
): RequestAttributes {
  return {
    user,
    verb,
    isResource: true,
    path: '',
    group: resource.group,
    version: resource.version,
    resource: resource.resource,
    subresource,
    namespace: namespace ?? '',
    name,
  };
}

function nameKey({ group, version, resource }: ResourceName): string {
  return `${group}/${version}/${resource}`;
}
