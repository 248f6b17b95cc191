import { withCondition } from '../../../shared/kubernetes/conditions';
import type { KubeObject, Namespace } from '../../../shared/kubernetes/objects';
import { events, groupResourceOf, namespaces, pods, type Resource } from '../../../shared/kubernetes/resources';
import { isConflict, isNotFound } from '../../../shared/kubernetes/status-error';
import { timestamp } from '../clock';
import type { ComponentContext, ComponentDefinition } from '../component';
import type { Informer } from '../informer';
import { Controller, updateStatus } from './controller';
import { CustomResources } from './custom-resources';
import { equivalent } from './equality';
import { ownableResources } from './known-resources';

/** The finalizer that keeps a namespace until it is empty. */
const FINALIZER = 'kubernetes';

/** Looked at again this soon when what remains gives no hint of its own (milliseconds). */
const RETRY = 1000;

const contents: readonly Resource<KubeObject>[] = [
  ...ownableResources.filter((resource) => resource.namespaced && resource !== pods),
  events,
];

interface Remains {
  readonly resource: Resource;
  readonly objects: readonly KubeObject[];
}

type Conditions = NonNullable<NonNullable<Namespace['status']>['conditions']>;

/** Empties namespaces that are being deleted, then lets them go (pkg/controller/namespace/deletion). */
class NamespaceController extends Controller {
  readonly #namespaces: Informer<Namespace>;
  readonly #customResources: CustomResources;

  constructor(context: ComponentContext) {
    super('namespace-controller', context);
    this.#customResources = new CustomResources(context);
    this.#namespaces = this.watch(namespaces, (namespace) => {
      if (namespace.metadata.deletionTimestamp !== undefined) this.enqueue(namespace.metadata.name ?? '');
    });
  }

  protected async reconcile(name: string): Promise<void> {
    const namespace = this.#namespaces.getByKey(name);
    if (namespace?.metadata.deletionTimestamp === undefined) return;
    if (!namespace.spec?.finalizers?.includes(FINALIZER)) return;
    // Pods first: they must not outlive the policies, roles and secrets that they run under.
    const lastPods = await this.#clear(pods, name);
    const remains = lastPods.length > 0 ? [{ resource: pods, objects: lastPods }] : await this.#clearAll(name);
    const fresh = await this.#tell(namespace, remains);
    if (remains.length > 0) return this.enqueueAfter(name, wait(remains));
    const finalizers = namespace.spec.finalizers.filter((each) => each !== FINALIZER);
    try {
      await this.context.client.update(
        namespaces,
        { ...fresh, spec: { ...fresh.spec, finalizers } },
        {
          subresource: 'finalize',
        },
      );
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  async #clearAll(namespace: string): Promise<Remains[]> {
    const remains: Remains[] = [];
    const custom = this.#customResources.list().filter(({ namespaced }) => namespaced);
    for (const resource of [...contents, ...custom]) {
      const objects = await this.#clear(resource, namespace);
      if (objects.length > 0) remains.push({ resource, objects });
    }
    return remains;
  }

  /** Deletes all objects of a resource. @returns those that did not go at once. */
  async #clear<T extends KubeObject>(resource: Resource<T>, namespace: string): Promise<readonly T[]> {
    const { items } = await this.context.client.list(resource, { namespace });
    if (items.length === 0) return items;
    for (const { metadata } of items) {
      if (metadata.deletionTimestamp !== undefined) continue;
      try {
        await this.context.client.delete(resource, namespace, metadata.name ?? '', { propagationPolicy: 'Background' });
      } catch (error) {
        if (!isNotFound(error) && !isConflict(error)) throw error;
      }
    }
    return (await this.context.client.list(resource, { namespace })).items;
  }

  async #tell(namespace: Namespace, remains: readonly Remains[]): Promise<Namespace> {
    const now = timestamp(this.context.clock);
    let conditions: Conditions = namespace.status?.conditions ?? [];
    for (const condition of describe(remains)) {
      conditions = [...withCondition(conditions, { ...condition, lastTransitionTime: now })];
    }
    const status = { ...namespace.status, phase: 'Terminating', conditions };
    if (equivalent(status, namespace.status)) return namespace;
    return updateStatus(this.context, namespaces, namespace, status);
  }
}

function describe(remains: readonly Remains[]): Conditions {
  const kinds = remains.map(({ resource, objects }) => {
    const name = resource.group === '' ? `${resource.resource}.` : groupResourceOf(resource);
    return `${name} has ${objects.length} resource instances`;
  });
  const finalizers = new Map<string, number>();
  for (const { metadata } of remains.flatMap(({ objects }) => objects)) {
    for (const each of metadata.finalizers ?? []) finalizers.set(each, (finalizers.get(each) ?? 0) + 1);
  }
  const held = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  return [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      status: 'False',
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      status: 'False',
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    {
      type: 'NamespaceDeletionContentFailure',
      status: 'False',
      reason: 'ContentDeleted',
      message: 'All content successfully deleted, may be waiting on finalization',
    },
    kinds.length > 0
      ? {
          type: 'NamespaceContentRemaining',
          status: 'True',
          reason: 'SomeResourcesRemain',
          message: `Some resources are remaining: ${kinds.join(', ')}`,
        }
      : {
          type: 'NamespaceContentRemaining',
          status: 'False',
          reason: 'ContentRemoved',
          message: 'All content successfully removed',
        },
    held.length > 0
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
        }
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'False',
          reason: 'ContentHasNoFinalizers',
          message: 'All content-preserving finalizers finished',
        },
  ];
}

/** Half the longest grace period that runs, as upstream waits; milliseconds. */
function wait(remains: readonly Remains[]): number {
  const graces = remains.flatMap(({ objects }) =>
    objects.map(({ metadata }) => metadata.deletionGracePeriodSeconds ?? 0),
  );
  const longest = Math.max(0, ...graces);
  return longest === 0 ? RETRY : (Math.floor(longest / 2) + 1) * 1000;
}

export const namespaceController: ComponentDefinition = {
  name: 'namespace-controller',
  user: 'system:serviceaccount:kube-system:namespace-controller',
  create: (context) => new NamespaceController(context),
};
