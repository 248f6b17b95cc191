import { isConditionTrue } from '../../../shared/kubernetes/conditions';
import {
  type CustomResourceDefinition,
  customResourceDefinitions,
  storageVersionOf,
} from '../../../shared/kubernetes/custom-resource-definitions';
import type { KubeObject } from '../../../shared/kubernetes/objects';
import { apiVersionOf, groupVersionOf, type Resource } from '../../../shared/kubernetes/resources';
import type { ComponentContext } from '../component';
import type { Informer } from '../informer';

/** Told of custom resources that come and go. A new version of one is a departure and an arrival. */
export interface CustomResourceHandlers {
  added?(resource: Resource<KubeObject>, informer: Informer<KubeObject>): void;
  removed?(resource: Resource<KubeObject>): void;
}

/**
 * The custom resources that are served, with a cache of each. Upstream's garbage collector, quota controller and namespace
 * controller look at discovery every now and then; here the definitions are watched.
 */
export class CustomResources {
  readonly #context: ComponentContext;
  readonly #handlers: CustomResourceHandlers;
  readonly #resources = new Map<string, Resource<KubeObject>>();

  constructor(context: ComponentContext, handlers: CustomResourceHandlers = {}) {
    this.#context = context;
    this.#handlers = handlers;
    const look = (definition: CustomResourceDefinition) => this.#look(definition, servedResource(definition));
    context.informers.for(customResourceDefinitions).addHandlers({
      add: look,
      update: look,
      delete: (definition) => this.#look(definition, undefined),
    });
  }

  list(): Resource<KubeObject>[] {
    return [...this.#resources.values()];
  }

  ofKind(apiVersion: string, kind: string): Resource<KubeObject> | undefined {
    const { group } = groupVersionOf(apiVersion);
    return this.list().find((resource) => resource.kind === kind && resource.group === group);
  }

  #look({ metadata }: CustomResourceDefinition, resource: Resource<KubeObject> | undefined): void {
    const { name = '' } = metadata;
    const known = this.#resources.get(name);
    if (known !== undefined && resource !== undefined && apiVersionOf(known) === apiVersionOf(resource)) return;
    if (known !== undefined) {
      this.#resources.delete(name);
      this.#context.informers.drop(known);
      this.#handlers.removed?.(known);
    }
    if (resource === undefined) return;
    this.#resources.set(name, resource);
    if (this.#handlers.added === undefined) return;
    const informer = this.#context.informers.for(resource);
    this.#handlers.added(resource, informer);
    informer.start().catch((error: unknown) => this.#context.log.error(`cache of ${name}`, error));
  }
}

/** The resource in a version that is served, the stored one if it is; `undefined` while none is. */
function servedResource(definition: CustomResourceDefinition): Resource<KubeObject> | undefined {
  if (!isConditionTrue(definition.status?.conditions, 'Established')) return undefined;
  const { spec, status } = definition;
  const stored = storageVersionOf(definition);
  const version = stored?.served ? stored : spec.versions.find(({ served }) => served);
  const names = status?.acceptedNames ?? spec.names;
  if (version === undefined) return undefined;
  return {
    group: spec.group,
    version: version.name,
    resource: names.plural,
    kind: names.kind,
    namespaced: spec.scope === 'Namespaced',
  };
}
