import { messageOf } from '../../../../shared/error-message';
import type { Deployment, Pod, ReplicaSet } from '../../../../shared/kubernetes/objects';
import { controllerOf, controllerReference, isControlledBy } from '../../../../shared/kubernetes/owners';
import { deployments, pods, replicaSets } from '../../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from '../../../../shared/kubernetes/status-error';
import { timestamp } from '../../clock';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, keyOf } from '../../informer';
import { claim, dependentsOf, indexByController } from '../adoption';
import { Controller, updateStatus } from '../controller';
import { equivalent } from '../equality';
import { omitEmpty } from '../omit-empty';
import { templateHash } from '../template-hash';
import {
  countedStatus,
  hasDeadline,
  isComplete,
  newCondition,
  pausedCondition,
  type Rollout,
  rolloutStatus,
  type Status,
  setCondition,
  untilDeadline,
} from './progress';
import {
  annotationsFor,
  byAge,
  DESIRED_REPLICAS,
  HASH_LABEL,
  MAX_REPLICAS,
  REVISION,
  replicasAnnotations,
  revisionOf,
  sameTemplate,
  tellApart,
} from './revisions';
import {
  isRollingUpdate,
  newSetSize,
  proportionalSizes,
  type Resize,
  shrinkOld,
  statusReplicas,
  wantedReplicas,
} from './scaling';

/** Rolls each Deployment's template out over replica sets (pkg/controller/deployment). */
class DeploymentController extends Controller {
  readonly #deployments: Informer<Deployment>;
  readonly #sets: Informer<ReplicaSet>;
  readonly #pods: Informer<Pod>;

  constructor(context: ComponentContext) {
    super('deployment-controller', context);
    this.#deployments = this.primary(deployments);
    this.#sets = this.watch(replicaSets, (set, previous) => {
      this.#enqueueOwner(set);
      if (previous !== undefined) this.#enqueueOwner(previous);
    });
    indexByController(this.#sets);
    this.#pods = context.informers.for(pods);
    indexByController(this.#pods);
    // Recreate waits for the last old pod, which no replica set counts any more.
    this.#pods.addHandlers({
      delete: (pod) => {
        const owner = controllerOf(pod);
        const set = owner === undefined ? undefined : this.#sets.get(pod.metadata.namespace, owner.name);
        if (set !== undefined) this.#enqueueOwner(set);
      },
    });
  }

  #enqueueOwner(set: ReplicaSet): void {
    const { namespace } = set.metadata;
    const owner = controllerOf(set);
    if (owner !== undefined) {
      const deployment = this.#deployments.get(namespace, owner.name);
      if (deployment?.metadata.uid === owner.uid) this.enqueue(keyOf(deployment));
      return;
    }
    for (const deployment of this.#deployments.list(namespace)) {
      if (selectorOf(deployment).matches(set.metadata.labels ?? {})) this.enqueue(keyOf(deployment));
    }
  }

  protected async reconcile(key: string): Promise<void> {
    let deployment = this.#deployments.getByKey(key);
    if (deployment === undefined) return;
    const { client } = this.context;
    const sets = await claim(client, deployments, deployment, replicaSets, this.#sets, selectorOf(deployment));
    if (deployment.metadata.deletionTimestamp !== undefined) {
      return this.#writeStatus(deployment, countedStatus({ deployment, ...tellApart(deployment, sets) }, this.#text));
    }
    deployment = await this.#notePause(deployment);
    if (deployment.spec?.paused === true || isResized(deployment, sets)) return this.#resize(deployment, sets);
    return isRollingUpdate(deployment) ? this.#roll(deployment, sets) : this.#recreate(deployment, sets);
  }

  get #text(): string {
    return timestamp(this.context.clock);
  }

  async #notePause(deployment: Deployment): Promise<Deployment> {
    const condition = pausedCondition(deployment, this.#text);
    if (condition === undefined) return deployment;
    const conditions = setCondition(deployment.status?.conditions ?? [], condition);
    return updateStatus(this.context, deployments, deployment, { ...deployment.status, conditions });
  }

  /** Follows a change of `replicas` without touching the rollout (sync.go, `sync`). */
  async #resize(deployment: Deployment, sets: readonly ReplicaSet[]): Promise<void> {
    const rollout = await this.#withRevisions(deployment, sets, false);
    const active = sets.filter(isActive);
    const only = active.length > 1 ? undefined : (active[0] ?? rollout.current ?? [...rollout.old].sort(byAge).at(-1));
    if (only !== undefined) await this.#applyOne(rollout.deployment, { set: only, size: wantedReplicas(deployment) });
    else if (isSaturated(deployment, rollout.current)) {
      await this.#apply(
        rollout.deployment,
        rollout.old.filter(isActive).map((set) => ({ set, size: 0 })),
      );
    } else if (isRollingUpdate(deployment) && active.length > 0) {
      const before = (set: ReplicaSet) =>
        Number(set.metadata.annotations?.[MAX_REPLICAS] ?? deployment.status?.replicas ?? 0);
      const resizes = proportionalSizes(deployment, active, before);
      for (const resize of resizes) await this.#applyOne(rollout.deployment, resize);
    }
    if (deployment.spec?.paused === true) await this.#trimHistory(deployment, rollout.old);
    await this.#writeStatus(rollout.deployment, countedStatus(rollout, this.#text));
  }

  async #roll(deployment: Deployment, sets: readonly ReplicaSet[]): Promise<void> {
    const rollout = await this.#withRevisions(deployment, sets, true);
    const { current } = rollout;
    if (current !== undefined) {
      const size = current.spec?.replicas ?? 0;
      const wanted = wantedReplicas(deployment);
      const next = size > wanted ? wanted : newSetSize(deployment, [...rollout.old, current], size);
      if (await this.#apply(rollout.deployment, [{ set: current, size: next }])) return this.#report(rollout);
    }
    const shrinking = shrinkOld(deployment, current, rollout.old.filter(isActive).sort(byAge));
    if (await this.#apply(rollout.deployment, shrinking)) return this.#report(rollout);
    if (isComplete(rollout.deployment, rollout.deployment.status)) await this.#trimHistory(deployment, rollout.old);
    return this.#report(rollout);
  }

  /** Ends all old pods before the first new one (recreate.go). */
  async #recreate(deployment: Deployment, sets: readonly ReplicaSet[]): Promise<void> {
    let rollout = await this.#withRevisions(deployment, sets, false);
    const ending = rollout.old.filter(isActive).map((set) => ({ set, size: 0 }));
    if (await this.#apply(rollout.deployment, ending)) return this.#report(rollout);
    if (this.#oldPodsLive(rollout.old)) return this.#report(rollout);
    if (rollout.current === undefined) rollout = await this.#withRevisions(rollout.deployment, sets, true);
    const { current } = rollout;
    if (current !== undefined) {
      await this.#apply(rollout.deployment, [{ set: current, size: wantedReplicas(deployment) }]);
    }
    if (isComplete(rollout.deployment, rollout.deployment.status)) await this.#trimHistory(deployment, rollout.old);
    return this.#report(rollout);
  }

  #oldPodsLive(old: readonly ReplicaSet[]): boolean {
    if (statusReplicas(old) > 0) return true;
    return old.some((set) =>
      dependentsOf(this.#pods, set).some((pod) => !['Failed', 'Succeeded'].includes(pod.status?.phase ?? '')),
    );
  }

  /** Brings revision annotations up to date, and makes the new replica set when asked to (`getNewReplicaSet`). */
  async #withRevisions(deployment: Deployment, sets: readonly ReplicaSet[], create: boolean): Promise<Rollout> {
    const { current, old } = tellApart(deployment, sets);
    const revision = Math.max(0, ...old.map(revisionOf)) + 1;
    if (current === undefined) {
      return create ? this.#createSet(deployment, old, revision) : { deployment, current, old };
    }
    const annotations = annotationsFor(deployment, current, revision);
    const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
    let set = current;
    if (
      !equivalent(annotations, current.metadata.annotations) ||
      minReadySeconds !== (current.spec?.minReadySeconds ?? 0)
    ) {
      const spec =
        current.spec === undefined ? {} : { spec: omitEmpty({ ...current.spec, minReadySeconds }, 'replicas') };
      set = await this.context.client.update(replicaSets, {
        ...current,
        metadata: { ...current.metadata, annotations },
        ...spec,
      });
    }
    const found = `Found new replica set "${set.metadata.name}"`;
    const updated = await this.#noteRevision(deployment, revisionOf(set), 'FoundNewReplicaSet', found, false);
    return { deployment: updated, current: set, old };
  }

  async #createSet(deployment: Deployment, old: readonly ReplicaSet[], revision: number): Promise<Rollout> {
    const { spec, status, metadata } = deployment;
    if (spec === undefined) return { deployment, current: undefined, old };
    const hash = templateHash(spec.template, status?.collisionCount);
    const name = `${metadata.name}-${hash}`;
    const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash };
    const size = newSetSize(deployment, old, 0);
    const set: ReplicaSet = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name,
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
        labels,
        annotations: annotationsFor(deployment, undefined, revision),
        ownerReferences: [controllerReference(deployment, deployments)],
      },
      spec: {
        replicas: size,
        ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
        selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash } },
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
    };
    let created: ReplicaSet;
    let fresh = true;
    try {
      created = await this.context.client.create(replicaSets, set);
    } catch (error) {
      if (!isAlreadyExists(error)) {
        if (!isNamespaceTerminating(error)) await this.#noteFailure(deployment, name, error);
        throw error;
      }
      const present = await this.context.client.get(replicaSets, metadata.namespace, name);
      if (!isControlledBy(present, deployment) || !sameTemplate(present.spec?.template, spec.template)) {
        const collisionCount = (status?.collisionCount ?? 0) + 1;
        await updateStatus(this.context, deployments, deployment, { ...status, collisionCount });
        throw error;
      }
      created = present;
      fresh = false;
    }
    if (fresh && size > 0) {
      this.context.events.event(
        deployment,
        'Normal',
        'ScalingReplicaSet',
        `Scaled up replica set ${name} from 0 to ${size}`,
      );
    }
    const message = `Created new replica set "${name}"`;
    const updated = await this.#noteRevision(deployment, revisionOf(created), 'NewReplicaSetCreated', message, fresh);
    return { deployment: updated, current: created, old };
  }

  async #noteFailure(deployment: Deployment, name: string, error: unknown): Promise<void> {
    const message = `Failed to create new replica set "${name}": ${messageOf(error)}`;
    this.context.events.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
    if (!hasDeadline(deployment)) return;
    const condition = newCondition('Progressing', 'False', 'ReplicaSetCreateError', message, this.#text);
    const conditions = setCondition(deployment.status?.conditions ?? [], condition);
    if (equivalent(conditions, deployment.status?.conditions)) return;
    await updateStatus(this.context, deployments, deployment, { ...deployment.status, conditions });
  }

  /** Writes the revision to the deployment, and what became of its replica set unless progress is told already. */
  async #noteRevision(
    deployment: Deployment,
    revision: number,
    reason: string,
    message: string,
    replace: boolean,
  ): Promise<Deployment> {
    const present = deployment.status?.conditions ?? [];
    const told = present.some(({ type }) => type === 'Progressing');
    const conditions =
      hasDeadline(deployment) && (replace || !told)
        ? setCondition(present, newCondition('Progressing', 'True', reason, message, this.#text))
        : present;
    const { annotations } = deployment.metadata;
    if (annotations?.[REVISION] === String(revision) && conditions === present) return deployment;
    const metadata = { ...deployment.metadata, annotations: { ...annotations, [REVISION]: String(revision) } };
    return updateStatus(this.context, deployments, { ...deployment, metadata }, { ...deployment.status, conditions });
  }

  async #report(rollout: Rollout): Promise<void> {
    const status = rolloutStatus(rollout, { time: this.now, text: this.#text });
    await this.#writeStatus(rollout.deployment, status);
  }

  async #writeStatus(deployment: Deployment, status: Status): Promise<void> {
    if (!equivalent(status, deployment.status)) {
      await updateStatus(this.context, deployments, deployment, status);
      return;
    }
    const wait = untilDeadline(deployment, this.now);
    if (wait !== undefined) this.enqueueAfter(keyOf(deployment), wait);
  }

  /** @returns whether any size changed. */
  async #apply(deployment: Deployment, resizes: readonly Resize[]): Promise<boolean> {
    let changed = false;
    for (const resize of resizes) {
      if (resize.set.spec?.replicas === resize.size) continue;
      await this.#applyOne(deployment, resize);
      changed = true;
    }
    return changed;
  }

  async #applyOne(deployment: Deployment, { set, size }: Resize): Promise<void> {
    const { spec, metadata } = set;
    if (spec === undefined) return;
    const before = spec.replicas ?? 0;
    const annotations = { ...metadata.annotations, ...replicasAnnotations(deployment) };
    if (before === size && equivalent(annotations, metadata.annotations)) return;
    const update = { ...set, metadata: { ...metadata, annotations }, spec: { ...spec, replicas: size } };
    await this.context.client.update(replicaSets, update);
    if (before === size) return;
    const direction = before < size ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${metadata.name} from ${before} to ${size}`;
    this.context.events.event(deployment, 'Normal', 'ScalingReplicaSet', message);
  }

  /** Deletes the oldest revisions beyond `revisionHistoryLimit` (`cleanupDeployment`). */
  async #trimHistory(deployment: Deployment, old: readonly ReplicaSet[]): Promise<void> {
    const kept = deployment.spec?.revisionHistoryLimit ?? 10;
    const alive = old.filter((set) => set.metadata.deletionTimestamp === undefined);
    const oldest = [...alive].sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, alive.length - kept));
    for (const set of oldest) {
      const { namespace, name, generation = 0 } = set.metadata;
      const observed = set.status?.observedGeneration ?? 0;
      if (set.status?.replicas !== 0 || set.spec?.replicas !== 0 || generation > observed) continue;
      try {
        await this.context.client.delete(replicaSets, namespace, name ?? '');
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }
}

function selectorOf(deployment: Deployment) {
  return selectorFromLabelSelector(deployment.spec?.selector);
}

function isActive(set: ReplicaSet): boolean {
  return (set.spec?.replicas ?? 0) > 0;
}

/** Whether a set still has the size of another `replicas` than the present one (`isScalingEvent`). */
function isResized(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.filter(isActive).some((set) => {
    const desired = set.metadata.annotations?.[DESIRED_REPLICAS];
    return desired !== undefined && desired !== String(wantedReplicas(deployment));
  });
}

/** Whether the new replica set alone carries the deployment (`IsSaturated`). */
function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    set?.metadata.annotations?.[DESIRED_REPLICAS] === String(wanted) &&
    set.spec?.replicas === wanted &&
    (set.status?.availableReplicas ?? 0) === wanted
  );
}

export const deploymentController: ComponentDefinition = {
  name: 'deployment-controller',
  user: 'system:serviceaccount:kube-system:deployment-controller',
  create: (context) => new DeploymentController(context),
};
