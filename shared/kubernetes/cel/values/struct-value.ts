import type { CelType } from '../types';
import { CelMap, type Value } from './value';

/** An object that an expression made, or one that is handed to it with its fields ready: `Object{spec: …}`. */
export class StructValue extends CelMap {
  override readonly type: CelType;
  readonly fields: ReadonlyMap<string, Value>;

  constructor(type: CelType, fields: ReadonlyMap<string, Value>) {
    super();
    this.type = type;
    this.fields = fields;
  }

  get size(): number {
    return this.fields.size;
  }

  find(key: Value): Value | undefined {
    return typeof key === 'string' ? this.fields.get(key) : undefined;
  }

  keys(): Iterable<Value> {
    return this.fields.keys();
  }
}
