import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { timestamp } from '../../clock';
import type { ManagedFields } from '../managed-fields/managed-fields';
import { addStructs } from '../schema/as-written';
import { alreadyExists, failure, generatedNameTaken } from '../status-errors';
import type { Stored } from '../storage/stored';
import { leavesMetadata } from './metadata-checks';
import { matchNamespace } from './names';
import { omitEmptyMetadata, validateObjectMeta } from './object-meta';
import { objectKey, type Registry, type WriteRequest } from './registry';
import { trackCreation } from './track';
import { admissionRequest, checkKind, put, refuseInvalid, unwritten } from './write';

/** names.maxGeneratedNameLength: what a generated name's base may have, so that base and suffix fit a label. */
const LONGEST_BASE = 58;
const NAME_TRIES = 8;

/**
 * Creates an object (upstream: registry/generic/registry/store.go Create with rest/create.go BeforeCreate).
 * @param object fresh: the registry changes and keeps it.
 * @param applied who manages its fields, when that is known from applying it.
 */
export async function create(
  registry: Registry,
  request: WriteRequest,
  namespace: string | undefined,
  object: KubeObject,
  applied?: ManagedFields,
): Promise<Stored> {
  const { definition, resource, strategyContext } = registry;
  const { strategy } = definition;
  checkKind(registry, object);
  omitEmptyMetadata(object.metadata);
  matchNamespace(resource, object.metadata, namespace);
  const { resourceVersion } = object.metadata;
  // Nobody comes to manage what is not taken (endpoints/handlers/create.go, `WipeObjectMetaSystemFields`).
  if (request.attributes.verb === 'create') wipeDeletion(object);
  addStructs(object);
  strategy.applyDefaults?.(object);
  // What admission and the strategy add is nobody's.
  const managed = applied ?? trackCreation(registry, request, object);
  await registry.admission.admit(admissionRequest(request, 'CREATE', object, undefined, { object: managed }));
  matchNamespace(resource, object.metadata, namespace);

  const { metadata } = object;
  const generated = !metadata.name && Boolean(metadata.generateName);
  fillSystemFields(registry, object);
  if (generated) metadata.name = generateName(registry, metadata.generateName ?? '');
  strategy.begin?.(object, undefined, strategyContext, request.dryRun);
  strategy.prepareForCreate?.(object, strategyContext, request.attributes.user);
  const errors = [
    ...(strategy.validate?.(object, strategyContext) ?? []),
    ...(strategy.validateCreate?.(object, strategyContext) ?? []),
  ];
  // Where the kind's own validation leaves metadata alone, that is looked at afterwards.
  if (leavesMetadata(definition)) refuseInvalid(registry, metadata.name ?? '', errors);
  refuseInvalid(registry, metadata.name ?? '', [...validateObjectMeta(metadata, definition), ...errors]);
  for (const warning of strategy.warnings?.(object, undefined) ?? []) request.warn(warning);
  await registry.admission.validate(admissionRequest(request, 'CREATE', object, undefined, { object: managed }));
  checkVersion(request, resourceVersion);
  // What is not written shows what was asked for.
  if (request.dryRun && resourceVersion) metadata.resourceVersion = resourceVersion;

  for (let tries = 1; ; tries++) {
    const name = metadata.name ?? '';
    const key = objectKey(resource, namespace, name);
    const { conversion } = registry;
    const kept = conversion === undefined ? undefined : await conversion.toStorage(object, managed);
    const present = registry.table.get(key);
    if (present === undefined) return write(registry, request, key, object, managed, kept);
    if (!generated) {
      if (metadata.generateName) throw generatedNameTaken(resource, name);
      throw alreadyExists(resource, name, present.object.metadata.deletionTimestamp ? 'object is being deleted: ' : '');
    }
    if (tries === NAME_TRIES) throw generatedNameTaken(resource, name);
    metadata.name = generateName(registry, metadata.generateName ?? '');
  }
}

/** @throws StatusError 500 for a version, which only what is there can have (storage/etcd3/store.go Create). */
function checkVersion({ attributes, dryRun }: WriteRequest, resourceVersion = ''): void {
  if (dryRun || attributes.verb !== 'create' || !/^\d*[1-9]\d*$/.test(resourceVersion)) return;
  throw failure(500, undefined, 'resourceVersion should not be set on objects to be created');
}

function write(
  registry: Registry,
  { dryRun }: WriteRequest,
  key: string,
  object: KubeObject,
  managed: ManagedFields,
  kept: KubeObject | undefined,
): Stored | Promise<Stored> {
  if (dryRun) return unwritten(registry, key, object, managed, kept);
  registry.definition.strategy.beforeStore?.(object, undefined, registry.strategyContext);
  return put(registry, key, object, managed, kept);
}

/** Sets what the server owns, whatever the client says. */
export function fillSystemFields(registry: Registry, object: KubeObject): void {
  const { metadata } = object;
  wipeDeletion(object);
  delete metadata.selfLink;
  delete metadata.generation;
  delete metadata.resourceVersion;
  delete metadata.managedFields;
  metadata.uid = registry.random.uuid();
  metadata.creationTimestamp = timestamp(registry.clock);
  if (hasGeneration(registry, object)) metadata.generation = 1;
}

/** Nothing begins with its end. */
function wipeDeletion({ metadata }: KubeObject): void {
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
}

/** Groups whose kinds do not count their generations, though they have a spec. */
const WITHOUT_GENERATION = [
  'apiregistration.k8s.io',
  'autoscaling',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'storage.k8s.io',
];
/** The same of single kinds. */
const KINDS_WITHOUT_GENERATION = ['IPAddress', 'ResourceClaim', 'ResourceClaimTemplate', 'ServiceCIDR'];

/** In the core group only these two count their generations; elsewhere, most kinds with a spec do. */
function hasGeneration({ resource }: Registry, object: KubeObject): boolean {
  if (!('spec' in object)) return false;
  if (resource.group === '') return resource.resource === 'pods' || resource.resource === 'replicationcontrollers';
  return !WITHOUT_GENERATION.includes(resource.group) && !KINDS_WITHOUT_GENERATION.includes(resource.kind);
}

function generateName({ random, definition }: Registry, base: string): string {
  const { generateName: generate } = definition.strategy;
  return generate?.(base) ?? base.slice(0, LONGEST_BASE) + random.suffix(5);
}
