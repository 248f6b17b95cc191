import type { KubeObject, ResourceQuota } from '../../../shared/kubernetes/objects';
import { type Resource, resourceQuotas } from '../../../shared/kubernetes/resources';
import type { Timer } from '../clock';
import type { ComponentContext, ComponentDefinition } from '../component';
import { type Informer, keyOf } from '../informer';
import type { Evaluator } from '../quota/evaluator';
import { evaluatorFor, isInScopes, scopesOf } from '../quota/evaluators';
import { add, equal, mask, type ResourceList } from '../quota/resource-list';
import { Controller, updateStatus } from './controller';
import { CustomResources } from './custom-resources';
import { ownableResources } from './known-resources';

/** `--resource-quota-sync-period`: milliseconds between two counts of everything, whatever has been heard. */
const SYNC_PERIOD = 300_000;

interface Counted {
  readonly evaluator: Evaluator;
  readonly objects: Informer<KubeObject>;
}

/**
 * Counts what quotas are used for (pkg/controller/resourcequota). Admission charges a quota for what is written; this gives
 * back what is deleted, has ended, or was never written after all.
 */
class ResourceQuotaController extends Controller {
  readonly #quotas: Informer<ResourceQuota>;
  #counted: Counted[] = [];
  #timer: Timer | undefined;

  constructor(context: ComponentContext) {
    super('resourcequota-controller', context);
    this.#quotas = context.informers.for(resourceQuotas);
    this.#quotas.addHandlers({
      add: (quota) => this.enqueue(keyOf(quota)),
      // The status is this controller's own and admission's.
      update: (quota, previous) => {
        if (!equal(quota.spec?.hard ?? {}, previous.spec?.hard ?? {})) this.enqueue(keyOf(quota));
      },
    });
    for (const resource of ownableResources) if (resource.namespaced) this.#count(resource);
    new CustomResources(context, {
      added: (resource) => {
        if (resource.namespaced) this.#count(resource);
      },
      removed: (resource) => {
        this.#counted = this.#counted.filter(({ evaluator }) => evaluator !== evaluatorFor(resource));
      },
    });
  }

  override start(): void {
    super.start();
    this.#scheduleSync();
  }

  override stop(): void {
    this.#timer?.cancel();
    super.stop();
  }

  #scheduleSync(): void {
    this.#timer = this.context.clock.setTimeout(() => {
      for (const quota of this.#quotas.list()) this.enqueue(keyOf(quota));
      this.#scheduleSync();
    }, SYNC_PERIOD);
  }

  #count(resource: Resource): void {
    const evaluator = evaluatorFor(resource);
    if (evaluator === undefined) return;
    const objects = this.context.informers.for(resource);
    this.#counted.push({ evaluator, objects });
    const { frees } = evaluator;
    objects.addHandlers({
      ...(frees === undefined
        ? {}
        : {
            update: (object, previous) => {
              if (this.#quotasFor(object).length > 0 && frees(object, previous, this.now)) {
                this.#replenish(evaluator, object);
              }
            },
          }),
      delete: (object) => this.#replenish(evaluator, object),
    });
  }

  #quotasFor({ metadata }: KubeObject): ResourceQuota[] {
    return this.#quotas.size === 0 ? [] : this.#quotas.list(metadata.namespace ?? '');
  }

  #replenish(evaluator: Evaluator, object: KubeObject): void {
    for (const quota of this.#quotasFor(object)) {
      if (evaluator.matching(Object.keys(quota.status?.hard ?? {})).length > 0) this.enqueue(keyOf(quota));
    }
  }

  protected async reconcile(key: string): Promise<void> {
    const quota = this.#quotas.getByKey(key);
    if (quota === undefined) return;
    const hard = quota.spec?.hard ?? {};
    const used = mask({ ...quota.status?.used, ...this.#usage(quota) }, Object.keys(hard));
    const { status } = quota;
    if (status?.hard !== undefined && equal(hard, status.hard) && equal(used, status.used ?? {})) return;
    await updateStatus(this.context, resourceQuotas, quota, { hard: { ...hard }, used: { ...used } });
  }

  /** What a quota counts, as it is now; only the names that something counts. */
  #usage(quota: ResourceQuota): ResourceList {
    const names = Object.keys(quota.spec?.hard ?? {});
    const scopes = scopesOf(quota);
    let usage: ResourceList = {};
    for (const { evaluator, objects } of this.#counted) {
      const counted = evaluator.matching(names);
      if (counted.length === 0) continue;
      let sum: ResourceList = Object.fromEntries(counted.map((name) => [name, '0']));
      for (const object of objects.list(quota.metadata.namespace)) {
        if (isInScopes(evaluator, scopes, object)) sum = add(sum, mask(evaluator.usage(object, this.now), counted));
      }
      usage = add(usage, sum);
    }
    return usage;
  }
}

export const resourceQuotaController: ComponentDefinition = {
  name: 'resourcequota-controller',
  user: 'system:serviceaccount:kube-system:resourcequota-controller',
  create: (context) => new ResourceQuotaController(context),
};
