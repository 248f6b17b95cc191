import { apply } from '../../../../../electron/simulator/apiserver/managed-fields/apply';
import { compare } from '../../../../../electron/simulator/apiserver/managed-fields/compare';
import { objectType } from '../../../../../electron/simulator/apiserver/managed-fields/field-type';
import { ManagedFields } from '../../../../../electron/simulator/apiserver/managed-fields/managed-fields';
import type { Manager } from '../../../../../electron/simulator/apiserver/managed-fields/manager';
import { trackUpdate } from '../../../../../electron/simulator/apiserver/managed-fields/track-update';
import type { SchemaNode } from '../../../../../electron/simulator/apiserver/patch/schema-node';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';

const text: SchemaNode = { type: 'string' };
const map: SchemaNode = { type: 'object', additionalProperties: text };

/** A kind with one of everything that ownership tells apart. */
const schema: SchemaNode = {
  type: 'object',
  properties: {
    apiVersion: text,
    kind: text,
    metadata: { type: 'object', default: {}, properties: { name: text, labels: map } },
    spec: {
      type: 'object',
      properties: {
        size: text,
        atoms: { type: 'array', items: text, listType: 'atomic' },
        tags: { type: 'array', items: text, listType: 'set' },
        deep: { type: 'object', properties: { one: text, two: text } },
        whole: { ...map, mapType: 'atomic' },
        items: {
          type: 'array',
          listType: 'map',
          listMapKeys: ['name'],
          items: { type: 'object', properties: { name: text, image: text, env: map } },
        },
      },
    },
  },
};
export const type = objectType(schema);

export type Thing = KubeObject & { spec?: Record<string, unknown> };

export const thing = (spec: Record<string, unknown> | undefined, labels?: Record<string, string>): Thing => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', ...(labels === undefined ? {} : { labels }) },
  ...(spec === undefined ? {} : { spec }),
});

const by = (name: string, operation: Manager['operation']): Manager => ({
  name,
  operation,
  apiVersion: 'v1',
  subresource: '',
});

/** An object through a series of writes, as the registry would take it. */
export class History {
  object: KubeObject = { metadata: {} };
  managed = ManagedFields.none;
  #second = 0;

  update(name: string, next: Thing): this {
    const time = this.#time();
    this.managed = trackUpdate(this.managed, compare(this.object, next, type), by(name, 'Update'), time);
    this.object = next;
    return this;
  }

  apply(name: string, configuration: Thing, force = false): this {
    const time = this.#time();
    const application = { configuration, by: by(name, 'Apply'), force, time, type, ignored: [] };
    const { object, managed } = apply(this.object, this.managed, application);
    this.object = object;
    this.managed = managed;
    return this;
  }

  /** `fieldsV1` by `NAME OPERATION`. */
  get fields(): Record<string, unknown> {
    const entries = this.managed.entries.map(({ manager, fields }) => [`${manager.name} ${manager.operation}`, fields]);
    return Object.fromEntries(entries);
  }

  get spec(): Record<string, unknown> | undefined {
    return (this.object as Thing).spec;
  }

  #time(): string {
    return `2026-01-01T00:00:${String(this.#second++).padStart(2, '0')}Z`;
  }
}
