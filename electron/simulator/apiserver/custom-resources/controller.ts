import {
  type AnyCondition,
  isConditionTrue,
  withCondition,
  withoutCondition,
} from '../../../../shared/kubernetes/conditions';
import {
  CLEANUP_FINALIZER,
  type CustomResourceDefinition,
  customResourceDefinitions,
} from '../../../../shared/kubernetes/custom-resource-definitions';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { isConflict, isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { type Clock, timestamp } from '../../clock';
import { Informer } from '../../informer';
import type { Log } from '../../log';
import { WorkQueue } from '../../work-queue';
import type { Api } from '../api';
import { aggregateText } from '../go-text';
import { deepEqual } from '../json';
import type { ResourceDefinition } from '../registry/definition';
import type { FieldError } from '../validation/field-error';
import { invalid } from '../validation/field-error';
import { judgeNames, type NamesVerdict } from './accepted-names';
import type { Converter } from './conversion/converter';
import { type Approval, approvalOf, isProtectedGroup } from './definition/approval';
import { customResources } from './resource';
import { validateStructural } from './schema/structural';

/** The condition of a definition whose schema is not structural. */
const STRUCTURE = 'NonStructuralSchema';

/** Between two looks at whether all instances are gone (crd_finalizer.go): milliseconds. */
const POLL = 5_000;

type ConverterOf = (definition: CustomResourceDefinition) => Converter | undefined;

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
  readonly #converterOf: ConverterOf;
  readonly #informer: Informer<CustomResourceDefinition>;
  readonly #queue: WorkQueue;
  readonly #served = new Map<string, Served>();
  readonly #terminating = new Set<string>();

  /**
   * @param client may do everything.
   * @param converterOf how a definition's versions are converted.
   */
  constructor(api: Api, client: ApiClient, clock: Clock, log: Log, converterOf: ConverterOf) {
    this.#api = api;
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#converterOf = converterOf;
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
    const { spec, status } = definition;
    const isNamed = deepEqual(spec.names, status?.acceptedNames) && isConditionTrue(status?.conditions, 'Established');
    const verdict = isNamed ? undefined : await this.#judge(definition);
    const structure = structureOf(definition);
    const next = {
      ...status,
      ...(verdict && { acceptedNames: verdict.acceptedNames }),
      conditions: this.#with(
        structure === undefined ? withoutCondition(status?.conditions, STRUCTURE) : status?.conditions,
        ...(verdict?.conditions ?? []),
        ...(structure === undefined ? [] : [structure]),
        ...(isProtectedGroup(spec.group) ? [conformanceOf(definition)] : []),
      ),
    };
    if (deepEqual(next, status)) return definition;
    const told = await this.#setStatus(definition, next);
    if (!deepEqual(next.acceptedNames, status?.acceptedNames)) this.#reconsiderOthers(definition);
    return told;
  }

  async #judge(definition: CustomResourceDefinition): Promise<NamesVerdict> {
    return judgeNames(definition, (await this.#client.list(customResourceDefinitions)).items);
  }

  /** The conditions with these among them, as of now. */
  #with(present: readonly AnyCondition[] | null | undefined, ...conditions: AnyCondition[]): AnyCondition[] {
    const lastTransitionTime = timestamp(this.#clock);
    const all = conditions.reduce<readonly AnyCondition[]>(
      (known, condition) => withCondition(known, { ...condition, lastTransitionTime }),
      present ?? [],
    );
    return [...all];
  }

  #setStatus(
    definition: CustomResourceDefinition,
    status: CustomResourceDefinition['status'],
    metadata = definition.metadata,
  ): Promise<CustomResourceDefinition> {
    const next = { ...definition, metadata, ...(status && { status }) };
    return this.#client.update(customResourceDefinitions, next, { subresource: 'status' });
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
    if (!isConditionTrue(definition.status?.conditions, 'Established')) return;
    if (isConditionTrue(definition.status?.conditions, 'Terminating')) this.#terminating.add(name);
    const from = JSON.stringify([metadata.uid, spec, status?.acceptedNames, status?.storedVersions]);
    const before = this.#served.get(name);
    if (before?.from === from) return;
    const definitions = customResources(
      definition,
      () => this.#terminating.has(name),
      this.#converterOf(definition),
    ).filter(
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
        const text = aggregateText(failures);
        await this.#terminate(next, 'InstanceDeletionFailed', `could not issue all deletes: ${text}`);
        throw new Error(text);
      }
      const { items } = await this.#client.list(served.resource);
      if (items.length > 0) return this.#queue.addAfter(next.metadata.name ?? '', POLL);
      await this.#release(next, 'InstanceDeletionCompleted', 'removed all instances');
    } else if (isConditionTrue(next.status?.conditions, 'Established')) {
      const why = 'instances overlap with built-in resources in storage';
      await this.#release(next, 'OverlappingBuiltInResource', why);
    } else {
      await this.#release(next, 'NeverEstablished', 'resource was never established');
    }
  }

  /** Says why there is nothing left to do, and does no longer hold the definition. */
  async #release(definition: CustomResourceDefinition, reason: string, message: string): Promise<void> {
    const { metadata } = definition;
    const finalizers = (metadata.finalizers ?? []).filter((each) => each !== CLEANUP_FINALIZER);
    await this.#setStatus(definition, this.#terminatingStatus(definition, 'False', reason, message), {
      ...metadata,
      finalizers,
    });
  }

  async #terminate(
    definition: CustomResourceDefinition,
    reason: string,
    message: string,
  ): Promise<CustomResourceDefinition> {
    const next = this.#terminatingStatus(definition, 'True', reason, message);
    return deepEqual(next, definition.status) ? definition : this.#setStatus(definition, next);
  }

  #terminatingStatus({ status }: CustomResourceDefinition, value: string, reason: string, message: string) {
    const condition = { type: 'Terminating', status: value, reason, message };
    return { ...status, conditions: this.#with(status?.conditions, condition) };
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
function structureOf({ spec }: CustomResourceDefinition): AnyCondition | undefined {
  const errors: FieldError[] = [];
  if (spec.preserveUnknownFields === true) errors.push(invalid('spec.preserveUnknownFields', true, 'must be false'));
  spec.versions.forEach(({ schema }, index) => {
    const own = schema?.openAPIV3Schema;
    const path = `spec.versions[${index}].schema.openAPIV3Schema`;
    if (own !== undefined) errors.push(...validateStructural(own, path));
  });
  if (errors.length === 0) return undefined;
  const message = aggregateText(errors.map(({ field, message }) => `${field}: ${message}`));
  return { type: STRUCTURE, status: 'True', reason: 'Violations', message };
}

const CONFORMANCE_REASONS: Readonly<Record<Approval, string>> = {
  approved: 'ApprovedAnnotation',
  bypassed: 'UnapprovedAnnotation',
  missing: 'MissingAnnotation',
  invalid: 'InvalidAnnotation',
};

/** apiapproval_controller.go. */
function conformanceOf(definition: CustomResourceDefinition): AnyCondition {
  const { state, reason: message } = approvalOf(definition);
  return {
    type: 'KubernetesAPIApprovalPolicyConformant',
    status: state === 'approved' ? 'True' : 'False',
    reason: CONFORMANCE_REASONS[state],
    message,
  };
}
