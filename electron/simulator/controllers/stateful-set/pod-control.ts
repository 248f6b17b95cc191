import { messageOf } from '../../../../shared/error-message';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../../../shared/kubernetes/objects';
import { persistentVolumeClaims, pods } from '../../../../shared/kubernetes/resources';
import {
  isAlreadyExists,
  isConflict,
  isNamespaceTerminating,
  isNotFound,
} from '../../../../shared/kubernetes/status-error';
import type { ComponentContext } from '../../component';
import type { Informer } from '../../informer';
import { correctedOwners, isManagedByOthers, isStale } from './claim-owners';
import { claimsFor, identified, isIdentified } from './identity';

/** Makes, puts right and ends the pods of sets with their claims, and tells of it (pkg/controller/statefulset/stateful_pod_control.go). */
export class StatefulPodControl {
  readonly #context: ComponentContext;
  readonly #claims: Informer<PersistentVolumeClaim>;

  constructor(context: ComponentContext) {
    this.#context = context;
    this.#claims = context.informers.for(persistentVolumeClaims);
  }

  /** Whether a claim goes with an earlier pod of the name, so that it has to be gone before there can be another. */
  hasStaleClaim(set: StatefulSet, pod: Pod): boolean {
    if (set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return false;
    return this.#claimsOf(set, pod).some((claim) => isStale(claim, pod, pods));
  }

  /** @throws Error when the pod or one of its claims cannot be. */
  async create(set: StatefulSet, pod: Pod): Promise<void> {
    let created: Pod;
    try {
      await this.#createClaims(set, pod);
      created = await this.#context.client.create(pods, pod);
    } catch (error) {
      // Either the cache is behind, or a pod that is none of the set's has the name: both are for a later try.
      const isTold = !isAlreadyExists(error) && !isNamespaceTerminating(error);
      if (isTold) this.#tell('Create', set, pod, error);
      throw error;
    }
    await this.#setClaimOwners(set, created);
    this.#tell('Create', set, pod);
  }

  /** Makes the claims that a pod still lacks. @throws Error when one cannot be. */
  async completeClaims(set: StatefulSet, pod: Pod): Promise<void> {
    await this.#createClaims(set, pod);
    await this.#setClaimOwners(set, pod);
  }

  /** Puts back what somebody changed: the labels by which a pod is known, and whom its claims go with. */
  async putRight(set: StatefulSet, pod: Pod): Promise<void> {
    await this.alignClaims(set, pod);
    if (isIdentified(pod)) return;
    try {
      await this.#context.client.update(pods, identified(pod));
    } catch (error) {
      this.#tell('Update', set, pod, error);
      throw error;
    }
    this.#tell('Update', set, pod);
  }

  /** Has a pod's claims go with whom the retention policy says. */
  async alignClaims(set: StatefulSet, pod: Pod): Promise<void> {
    const isOff = this.#claimsOf(set, pod).some((claim) => correctedOwners(claim, set, pod) !== undefined);
    if (isOff) await this.#setClaimOwners(set, pod);
  }

  async delete(set: StatefulSet, pod: Pod): Promise<void> {
    const { namespace, name = '', uid } = pod.metadata;
    try {
      await this.#context.client.delete(pods, namespace, name, uid === undefined ? {} : { preconditions: { uid } });
    } catch (error) {
      if (isNotFound(error)) return;
      this.#tell('Delete', set, pod, error);
      throw error;
    }
    this.#tell('Delete', set, pod);
  }

  #claimsOf(set: StatefulSet, pod: Pod): PersistentVolumeClaim[] {
    return claimsFor(set, pod).flatMap(({ metadata: { namespace, name = '' } }) => {
      const present = this.#claims.get(namespace, name);
      return present === undefined ? [] : [present];
    });
  }

  async #createClaims(set: StatefulSet, pod: Pod): Promise<void> {
    const { client, events } = this.#context;
    const problems: string[] = [];
    for (const wanted of claimsFor(set, pod)) {
      const { namespace, name = '' } = wanted.metadata;
      const present = this.#claims.get(namespace, name);
      if (present?.metadata.deletionTimestamp !== undefined) problems.push(`pvc ${name} is being deleted`);
      if (present !== undefined) continue;
      const where = `Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
      try {
        await client.create(persistentVolumeClaims, wanted);
        events.event(set, 'Normal', 'SuccessfulCreate', `Create Claim ${name} ${where} success`);
      } catch (error) {
        problems.push(`failed to create PVC ${name}: ${messageOf(error)}`);
        if (isAlreadyExists(error)) continue;
        const message = `Create Claim ${name} for ${where} failed error: ${messageOf(error)}`;
        events.event(set, 'Warning', 'FailedCreate', message);
      }
    }
    if (problems.length === 1) throw new Error(problems[0]);
    if (problems.length > 1) throw new Error(`[${problems.join(', ')}]`);
  }

  async #setClaimOwners(set: StatefulSet, pod: Pod): Promise<void> {
    const { client, events } = this.#context;
    for (const claim of this.#claimsOf(set, pod)) {
      const { metadata } = claim;
      if (isManagedByOthers(claim, set, pod)) {
        const message = `PersistentVolumeClaim ${metadata.name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`;
        events.event(set, 'Warning', 'ConflictingController', message);
      }
      const ownerReferences = correctedOwners(claim, set, pod);
      if (ownerReferences === undefined) continue;
      try {
        await client.update(persistentVolumeClaims, { ...claim, metadata: { ...metadata, ownerReferences } });
      } catch (error) {
        // The cache is behind: the next try meets the newer claim.
        if (isConflict(error)) throw error;
        const problem = new Error(
          `could not update claim ${metadata.name} for delete policy ownerRefs: ${messageOf(error)}`,
        );
        this.#tell('Update', set, pod, problem);
        throw problem;
      }
    }
  }

  #tell(verb: 'Create' | 'Update' | 'Delete', set: StatefulSet, pod: Pod, error?: unknown): void {
    const what = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
    if (error === undefined) this.#context.events.event(set, 'Normal', `Successful${verb}`, `${what} successful`);
    else this.#context.events.event(set, 'Warning', `Failed${verb}`, `${what} failed error: ${messageOf(error)}`);
  }
}
