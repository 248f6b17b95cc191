import { deepEqual, isRecord } from '../json';
import { encodeFields, type FieldSet, type FieldTree, shared } from './field-set';
import { isSameManager, type Manager } from './manager';

/** One manager with the fields that are its. */
export interface ManagedEntry {
  readonly manager: Manager;
  /** When it last took a field; RFC 3339 in seconds. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** Who manages which fields of an object: `metadata.managedFields`. Immutable. */
export class ManagedFields {
  static readonly none = new ManagedFields([]);

  readonly entries: readonly ManagedEntry[];

  private constructor(entries: readonly ManagedEntry[]) {
    this.entries = entries;
  }

  /** Drops entries that own nothing, and puts the others in upstream's order: appliers first, then by time and name. */
  static of(entries: readonly ManagedEntry[]): ManagedFields {
    const owning = entries.filter(({ fields }) => fields !== undefined).map(withSharedFields);
    return owning.length === 0 ? ManagedFields.none : new ManagedFields(owning.sort(inOrder));
  }

  /**
   * @param value `metadata.managedFields` as a client or the backend has it.
   * @returns `undefined` when it cannot be read.
   */
  static decode(value: unknown): ManagedFields | undefined {
    if (!Array.isArray(value)) return undefined;
    const entries: ManagedEntry[] = [];
    for (const item of value) {
      const entry = decodeEntry(item);
      if (entry === undefined) return undefined;
      entries.push(entry);
    }
    return ManagedFields.of(entries);
  }

  /** The list as JSON text; `undefined` when there is none. */
  get json(): string | undefined {
    return this.entries.length === 0 ? undefined : `[${this.entries.map(encodeEntry).join(',')}]`;
  }

  find(manager: Manager): ManagedEntry | undefined {
    return this.entries.find((entry) => isSameManager(entry.manager, manager));
  }

  /** Whether the same managers have the same fields; when they took them does not count. */
  equals(other: ManagedFields): boolean {
    if (this === other) return true;
    return (
      this.entries.length === other.entries.length &&
      this.entries.every((entry) => {
        const same = other.find(entry.manager);
        return same?.manager.apiVersion === entry.manager.apiVersion && deepEqual(same.fields, entry.fields);
      })
    );
  }
}

function withSharedFields(entry: ManagedEntry): ManagedEntry {
  const fields = entry.fields && shared(entry.fields);
  return fields === entry.fields ? entry : { ...entry, fields };
}

/** Whether a client asks for nobody to manage anything: a list of one empty entry. */
export function isReset(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && isRecord(value[0]) && Object.keys(value[0]).length === 0;
}

function inOrder(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.manager.operation, b.manager.operation) ||
    compareText(a.time ?? '', b.time ?? '') ||
    compareText(a.manager.name, b.manager.name) ||
    compareText(a.manager.apiVersion, b.manager.apiVersion) ||
    compareText(a.manager.subresource, b.manager.subresource)
  );
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function decodeEntry(value: unknown): ManagedEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { manager = '', operation, apiVersion, time, fieldsV1, subresource = '' } = value;
  if (typeof manager !== 'string' || typeof apiVersion !== 'string' || typeof subresource !== 'string')
    return undefined;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (!isFieldTree(fieldsV1)) return undefined;
  return {
    manager: { name: manager, operation, apiVersion, subresource },
    time: typeof time === 'string' ? time : undefined,
    fields: Object.keys(fieldsV1).length === 0 ? undefined : fieldsV1,
  };
}

function isFieldTree(value: unknown): value is FieldTree {
  return (
    isRecord(value) && Object.entries(value).every(([key, child]) => /^(\.$|[fkvi]:)/.test(key) && isFieldTree(child))
  );
}

function encodeEntry({ manager, time, fields }: ManagedEntry): string {
  const head = JSON.stringify({
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    time,
    fieldsType: 'FieldsV1',
  });
  const tail = manager.subresource === '' ? '' : `,"subresource":${JSON.stringify(manager.subresource)}`;
  return `${head.slice(0, -1)},"fieldsV1":${encodeFields(fields)}${tail}}`;
}
