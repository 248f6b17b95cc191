import {
  CLEANUP_FINALIZER,
  type CustomResourceDefinition,
  conditionOf,
  customResourceDefinitions,
  type DefinitionCondition,
  isConditionTrue,
  setCondition,
} from '../../../../shared/kubernetes/custom-resource-definitions';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { isConflict, isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { type Clock, timestamp } from '../../clock';
import { Informer } from '../../informer';
import type { Log } from '../../log';
import { WorkQueue } from '../../work-queue';
import type { Api } from '../api';
import { deepCopy, deepEqual } from '../json';
import type { ResourceDefinition } from '../registry/definition';
import type { FieldError } from '../validation/field-error';
import { invalid } from '../validation/field-error';
import { judgeNames } from './accepted-names';
import { type Approval, approvalOf, isProtectedGroup } from './definition/approval';
import { customResources } from './resource';
import { validateStructural } from './schema/structural';

/** Between two looks at whether all instances are gone (crd_finalizer.go): milliseconds. */
const POLL = 5_000;

interface Served {
  /** What the definitions were made of. */
  readonly from: string;
  readonly definitions: readonly ResourceDefinition[];
}

/**
 * Serves the resources that CustomResourceDefinitions define, says in their status what came of it, and clears the instances
 * away before a definition goes. What apiextensions-apiserver's handler and its five controllers do.
 */
export class CustomResourceController {
  readonly #api: Api;
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #informer: Informer<CustomResourceDefinition>;
  readonly #queue: WorkQueue;
  readonly #served = new Map<string, Served>();
  readonly #terminating = new Set<string>();

  /** @param client may do everything. */
  constructor(api: Api, client: ApiClient, clock: Clock, log: Log) {
    this.#api = api;
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#informer = new Informer(client, customResourceDefinitions);
    this.#queue = new WorkQueue(
      clock,
      (name) => this.#reconcile(name),
      // A conflict only says that there is news, which comes by itself.
      (name, error) => {
        if (!isConflict(error)) log.error(`custom resource definition ${name}`, error);
      },
    );
  }

  /** Serves what was established before the process began, at once; what comes later, when it comes. */
  start(): void {
    const { group, resource } = customResourceDefinitions;
    for (const { object } of this.#api.environment.store.table(group, resource).list()) {
      // The table of definitions holds nothing else.
      this.#serve(object as CustomResourceDefinition);
    }
    const changed = (definition: CustomResourceDefinition) => {
      // Whoever hears of the definition after this finds what it defines.
      this.#serve(definition);
      this.#queue.add(definition.metadata.name ?? '');
    };
    this.#informer.addHandlers({
      add: changed,
      update: changed,
      delete: (definition) => {
        this.#withdraw(definition.metadata.name ?? '');
        this.#reconsiderOthers(definition);
      },
    });
    this.#informer.start().catch((error: unknown) => this.#log.error('custom resource definitions', error));
  }

  stop(): void {
    this.#queue.stop();
    this.#informer.stop();
  }

  async #reconcile(name: string): Promise<void> {
    const definition = await this.#fresh(name);
    if (definition === undefined) return;
    try {
      const told = await this.#tell(definition);
      const { deletionTimestamp, finalizers = [] } = told.metadata;
      if (deletionTimestamp !== undefined && finalizers.includes(CLEANUP_FINALIZER)) await this.#finalize(told);
    } catch (error) {
      // It went meanwhile.
      if (!isNotFound(error)) throw error;
    }
  }

  async #fresh(name: string): Promise<CustomResourceDefinition | undefined> {
    try {
      return await this.#client.get(customResourceDefinitions, undefined, name);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Brings the status up to date. */
  async #tell(definition: CustomResourceDefinition): Promise<CustomResourceDefinition> {
    const next = deepCopy(definition);
    const all = await this.#client.list(customResourceDefinitions);
    const { acceptedNames, conditions } = judgeNames(definition, all.items);
    next.status = { ...next.status, acceptedNames };
    const namesAreKnown = deepEqual(definition.spec.names, definition.status?.acceptedNames);
    if (!namesAreKnown || !isConditionTrue(definition, 'Established')) {
      for (const condition of conditions) this.#condition(next, condition);
    }
    this.#conditionOrNone(next, 'NonStructuralSchema', structureOf(definition));
    if (isProtectedGroup(definition.spec.group)) this.#condition(next, conformanceOf(definition));
    if (deepEqual(next.status, definition.status)) return definition;
    const told = await this.#client.update(customResourceDefinitions, next, { subresource: 'status' });
    if (!deepEqual(acceptedNames, definition.status?.acceptedNames)) this.#reconsiderOthers(definition);
    return told;
  }

  #condition(definition: CustomResourceDefinition, condition: DefinitionCondition): void {
    const { lastTransitionTime: _, ...present } = conditionOf(definition, condition.type) ?? { type: '' };
    if (deepEqual(present, condition)) return;
    setCondition(definition, { ...condition, lastTransitionTime: timestamp(this.#clock) });
  }

  #conditionOrNone(
    definition: CustomResourceDefinition,
    type: string,
    condition: DefinitionCondition | undefined,
  ): void {
    const { status } = definition;
    if (condition !== undefined) this.#condition(definition, condition);
    else if (status?.conditions?.some((each) => each.type === type)) {
      status.conditions = status.conditions.filter((each) => each.type !== type);
    }
  }

  /** A name that one has given up, another may take. */
  #reconsiderOthers({ metadata, spec }: CustomResourceDefinition): void {
    for (const other of this.#informer.list()) {
      if (other.spec.group === spec.group && other.metadata.name !== metadata.name) {
        this.#queue.add(other.metadata.name ?? '');
      }
    }
  }

  #serve(definition: CustomResourceDefinition): void {
    const { metadata, spec, status } = definition;
    const { name = '' } = metadata;
    if (!isConditionTrue(definition, 'Established')) return;
    if (isConditionTrue(definition, 'Terminating')) this.#terminating.add(name);
    const from = JSON.stringify([metadata.uid, spec, status?.acceptedNames, status?.storedVersions]);
    const before = this.#served.get(name);
    if (before?.from === from) return;
    const definitions = customResources(definition, () => this.#terminating.has(name)).filter(
      // What is built in goes before what is defined.
      ({ resource: { group, version } }) =>
        !this.#api.definitions.some(
          ({ isCustom, resource }) => isCustom !== true && resource.group === group && resource.version === version,
        ),
    );
    const versions = new Set(definitions.map(({ resource }) => resource.version));
    const given = before?.definitions.filter(({ resource }) => !versions.has(resource.version)) ?? [];
    if (given.length > 0) this.#api.withdraw(given);
    if (definitions.length > 0) this.#api.serve(definitions);
    this.#served.set(name, { from, definitions });
  }

  #withdraw(name: string): void {
    const served = this.#served.get(name);
    this.#served.delete(name);
    this.#terminating.delete(name);
    if (served !== undefined && served.definitions.length > 0) this.#api.withdraw(served.definitions);
  }

  /** Clears the instances away and lets the definition go (crd_finalizer.go). */
  async #finalize(definition: CustomResourceDefinition): Promise<void> {
    const next = await this.#terminate(
      definition,
      'InstanceDeletionInProgress',
      'CustomResource deletion is in progress',
    );
    const [served] = this.#served.get(next.metadata.name ?? '')?.definitions ?? [];
    if (served !== undefined) {
      const failures = await this.#deleteInstances(served);
      if (failures.length > 0) {
        const text = failures.length === 1 ? `${failures[0]}` : `[${failures.join(', ')}]`;
        await this.#terminate(next, 'InstanceDeletionFailed', `could not issue all deletes: ${text}`);
        throw new Error(text);
      }
      const { items } = await this.#client.list(served.resource);
      if (items.length > 0) return this.#queue.addAfter(next.metadata.name ?? '', POLL);
      await this.#release(next, 'InstanceDeletionCompleted', 'removed all instances');
    } else if (isConditionTrue(next, 'Established')) {
      const why = 'instances overlap with built-in resources in storage';
      await this.#release(next, 'OverlappingBuiltInResource', why);
    } else {
      await this.#release(next, 'NeverEstablished', 'resource was never established');
    }
  }

  /** Says why there is nothing left to do, and does no longer hold the definition. */
  async #release(definition: CustomResourceDefinition, reason: string, message: string): Promise<void> {
    const next = deepCopy(definition);
    this.#condition(next, { type: 'Terminating', status: 'False', reason, message });
    next.metadata.finalizers = next.metadata.finalizers?.filter((each) => each !== CLEANUP_FINALIZER) ?? [];
    await this.#client.update(customResourceDefinitions, next, { subresource: 'status' });
  }

  async #terminate(
    definition: CustomResourceDefinition,
    reason: string,
    message: string,
  ): Promise<CustomResourceDefinition> {
    const next = deepCopy(definition);
    this.#condition(next, { type: 'Terminating', status: 'True', reason, message });
    if (deepEqual(next.status, definition.status)) return definition;
    return this.#client.update(customResourceDefinitions, next, { subresource: 'status' });
  }

  /** @returns what could not be deleted, and why. */
  async #deleteInstances({ resource }: ResourceDefinition): Promise<string[]> {
    const { items } = await this.#client.list(resource);
    const failures: string[] = [];
    for (const { metadata } of items as readonly KubeObject[]) {
      if (metadata.deletionTimestamp !== undefined) continue;
      try {
        await this.#client.delete(resource, metadata.namespace, metadata.name ?? '');
      } catch (error) {
        if (!isNotFound(error)) failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    return failures;
  }
}

/** What keeps a definition of old from being structural (nonstructuralschema_controller.go). */
function structureOf({ spec }: CustomResourceDefinition): DefinitionCondition | undefined {
  const errors: FieldError[] = [];
  if (spec.preserveUnknownFields === true) errors.push(invalid('spec.preserveUnknownFields', true, 'must be false'));
  spec.versions.forEach(({ schema }, index) => {
    const own = schema?.openAPIV3Schema;
    const path = `spec.versions[${index}].schema.openAPIV3Schema`;
    if (own !== undefined) errors.push(...validateStructural(own, path));
  });
  if (errors.length === 0) return undefined;
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const message = texts.length === 1 ? `${texts[0]}` : `[${texts.join(', ')}]`;
  return { type: 'NonStructuralSchema', status: 'True', reason: 'Violations', message };
}

const CONFORMANCE_REASONS: Readonly<Record<Approval, string>> = {
  approved: 'ApprovedAnnotation',
  bypassed: 'UnapprovedAnnotation',
  missing: 'MissingAnnotation',
  invalid: 'InvalidAnnotation',
};

/** apiapproval_controller.go. */
function conformanceOf(definition: CustomResourceDefinition): DefinitionCondition {
  const { state, reason: message } = approvalOf(definition);
  return {
    type: 'KubernetesAPIApprovalPolicyConformant',
    status: state === 'approved' ? 'True' : 'False',
    reason: CONFORMANCE_REASONS[state],
    message,
  };
}
