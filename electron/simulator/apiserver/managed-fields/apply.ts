import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { readJson } from '../encoding/json-reader';
import { writeJson } from '../encoding/json-writer';
import { kindText } from '../go-text';
import { deepEqual, isRecord } from '../json';
import { badRequest, failure } from '../status-errors';
import { compare, compareOwned } from './compare';
import { configurationProblems, fieldsOf, problemsText, withNamedFields } from './configuration';
import { applyConflict, type Conflict } from './conflict';
import { difference, type FieldSet, intersection, union, without } from './field-set';
import type { StructType } from './field-type';
import { type ManagedEntry, ManagedFields } from './managed-fields';
import { isSameManager, type Manager } from './manager';
import { merge, removeFields } from './merge';
import { trackUpdate } from './track-update';

export interface Application {
  /** What is to be, in part. */
  readonly configuration: KubeObject;
  readonly by: Manager;
  /** Whether fields are taken from other managers. */
  readonly force: boolean;
  /** Now; `undefined` where nobody notes it. */
  readonly time: string | undefined;
  readonly type: StructType;
  /** Fields that this endpoint does not write, as path elements. */
  readonly ignored: readonly (readonly string[])[];
}

/** What an apply makes of an object, and of who manages it. */
export interface Applied {
  readonly object: KubeObject;
  readonly managed: ManagedFields;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** The manager for whom kubectl's annotation of client-side apply counts. */
const KUBECTL = 'kubectl';

/**
 * Server-side apply (structured-merge-diff merge/update.go Apply, with fieldmanager's last-applied and skip-non-applied
 * managers around it). Nothing given is changed.
 * @throws StatusError 409 with a cause for each field that another manager has, unless forced.
 */
export function apply(live: KubeObject, managed: ManagedFields, application: Application): Applied {
  const { configuration, by, time, type, ignored } = application;
  // Whoever wrote what is there before anybody was noted has it from now on.
  const known =
    managed.entries.length > 0
      ? managed
      : trackUpdate(managed, compareOwned({ metadata: {} }, live, type, ignored), { ...by, ...FIRST }, time);
  const { object, conflicts, result } = attempt(live, known, application);
  if (conflicts.length > 0 && !application.force) {
    const own = by.name === KUBECTL ? lastAppliedFields(live, type) : undefined;
    const left = conflicts.flatMap(({ manager, fields }) => {
      const others = difference(fields, own);
      return others === undefined ? [] : [{ manager, fields: others }];
    });
    if (left.length > 0) throw applyConflict(left);
  }
  return { object: by.name === KUBECTL ? withLastApplied(object, live, configuration) : object, managed: result };
}

const FIRST = { name: 'before-first-apply', operation: 'Update' } as const;

function attempt(
  live: KubeObject,
  managed: ManagedFields,
  { configuration, by, time, type, ignored }: Application,
): { object: KubeObject; conflicts: Conflict[]; result: ManagedFields } {
  const { metadata, ...rest } = configuration;
  // Every object has metadata here, also one that came without: nobody said that it be empty.
  const said = Object.keys(metadata).length === 0 ? rest : configuration;
  const fields = ignored.reduce(without, fieldsOf(said, type));
  const mine = managed.find(by);
  const others = managed.entries.filter((entry) => !isSameManager(entry.manager, by));
  const merged = merge(live, configuration, type);
  const object = removeFields(
    merged,
    dropped(mine?.fields, [fields, ...others.map((entry) => entry.fields)], type),
    type,
  );
  // At least its name is left.
  const wanted = object as KubeObject;
  const comparison = compareOwned(live, wanted, type, ignored);
  const conflicts = others.flatMap(({ manager, fields: theirs }) => {
    const taken = intersection(theirs, comparison.changed);
    return taken === undefined ? [] : [{ manager, fields: taken }];
  });
  const kept = others.map((entry): ManagedEntry => {
    const left = difference(difference(entry.fields, comparison.changed), comparison.removed);
    return left === entry.fields ? entry : { ...entry, fields: left };
  });
  // When somebody came to have what was so already is not noted (fieldmanager/managedfieldsupdater.go).
  const since = time === undefined || deepEqual(live, wanted) ? mine?.time : time;
  return { object: wanted, conflicts, result: ManagedFields.of([...kept, { manager: by, time: since, fields }]) };
}

/** What the manager applied last time, does not apply now, and nobody else has: that goes. */
function dropped(last: FieldSet, owned: readonly FieldSet[], type: StructType): FieldSet {
  const still = withNamedFields(owned.reduce(union, undefined), type);
  const left = difference(withNamedFields(last, type), still);
  // Every object has metadata, whoever sets something in it.
  return left?.['f:metadata'] === undefined ? left : difference(left, { 'f:metadata': {} });
}

/**
 * Refuses what cannot be applied.
 * @param configuration as it came.
 * @throws StatusError with the texts of structured-merge-diff.
 */
export function checkConfiguration(configuration: KubeObject, type: StructType): void {
  if ('managedFields' in configuration.metadata) throw badRequest('metadata.managedFields must be nil');
  const problems = configurationProblems(configuration, type);
  if (problems.length === 0) return;
  const { apiVersion, kind, metadata } = configuration;
  const name = `${metadata.namespace ?? ''}/${metadata.name ?? ''}; ${kindText(apiVersion, kind)}`;
  throw failure(500, undefined, `failed to create typed patch object (${name}): ${problemsText(problems)}`);
}

/** The fields of client-side apply's last configuration that still are as it set them. */
function lastAppliedFields(live: KubeObject, type: StructType): FieldSet {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  let last: unknown;
  try {
    last = readJson(text);
  } catch {
    // Whatever stands there, it is no configuration: nothing of it is allowed.
    return undefined;
  }
  if (!isRecord(last)) return undefined;
  const { changed, removed } = compare(last, live, type);
  return difference(difference(fieldsOf(last, type), changed), removed);
}

/** Keeps the annotation in step, so that one may go back to client-side apply. */
function withLastApplied(object: KubeObject, live: KubeObject, configuration: KubeObject): KubeObject {
  if (live.metadata.annotations?.[LAST_APPLIED] === undefined) return object;
  const { metadata, ...rest } = configuration;
  const { annotations: { [LAST_APPLIED]: _, ...annotations } = {}, ...others } = metadata;
  const clean = { ...rest, metadata: metadata.annotations === undefined ? others : { ...others, annotations } };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      annotations: { ...object.metadata.annotations, [LAST_APPLIED]: `${writeJson(withSortedKeys(clean))}\n` },
    },
  };
}

/** As Go writes maps. */
function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, withSortedKeys(value[key])]));
}
