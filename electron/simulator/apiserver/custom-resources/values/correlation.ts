import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { deepEqual, isRecord } from '../../json';
import { itemsOf, propertyOf, valuesOf } from '../schema/json-schema';

/**
 * A value of an update beside what it was, so that rules need not hold for what has not changed
 * (k8s.io/apiserver/pkg/cel/common/equality.go).
 */
export class Correlation {
  readonly value: unknown;
  readonly old: unknown;
  readonly #schema: JsonSchema | undefined;
  #same: boolean | undefined;

  constructor(value: unknown, old: unknown, schema: JsonSchema | undefined) {
    this.value = value;
    this.old = old;
    this.#schema = schema;
  }

  /** Whether nothing in it has changed, as far as its parts have counterparts. */
  get unchanged(): boolean {
    this.#same ??= this.#isSame();
    return this.#same;
  }

  #isSame(): boolean {
    const { value, old } = this;
    if (Array.isArray(value) && Array.isArray(old)) {
      if (value.length !== old.length) return false;
      const isKeyed = this.#schema?.['x-kubernetes-list-type'] === 'map';
      return isKeyed ? value.every((_, index) => this.index(index)?.unchanged === true) : deepEqual(value, old);
    }
    if (isRecord(value) && isRecord(old)) {
      const keys = Object.keys(value);
      if (keys.length !== Object.keys(old).length) return false;
      return keys.every((key) => this.key(key)?.unchanged === true);
    }
    return deepEqual(value, old);
  }

  /** A member that both have; `undefined` when it has no counterpart. */
  key(name: string): Correlation | undefined {
    if (!isRecord(this.value) || !isRecord(this.old)) return undefined;
    const schema = propertyOf(this.#schema, name) ?? valuesOf(this.#schema);
    if (schema === undefined || !Object.hasOwn(this.value, name) || !Object.hasOwn(this.old, name)) return undefined;
    return new Correlation(this.value[name], this.old[name], schema);
  }

  /** An item that the old list has under the same keys; items of other lists have no counterpart. */
  index(index: number): Correlation | undefined {
    if (!Array.isArray(this.value) || !Array.isArray(this.old)) return undefined;
    const items = itemsOf(this.#schema);
    if (items === undefined) return undefined;
    const old = sameItem(this.#schema, this.old, this.value[index]);
    return old === undefined ? undefined : new Correlation(this.value[index], old, items);
  }
}

/** The item of a list of list-type map that has the same keys as another (k8s.io/apiserver/pkg/cel/common/maplist.go). */
export function sameItem(schema: JsonSchema | undefined, list: readonly unknown[], item: unknown): unknown {
  const keys = schema?.['x-kubernetes-list-map-keys'] ?? [];
  if (schema?.type !== 'array' || schema['x-kubernetes-list-type'] !== 'map' || keys.length === 0) return undefined;
  if (!isRecord(item) || !keys.every((key) => isScalar(item[key]))) return undefined;
  return list.find((other) => isRecord(other) && keys.every((key) => other[key] === item[key]));
}

const isScalar = (value: unknown) => ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
