/**
 * The types of expressions (cel-go's `common/types`). Structural: two types with the same name and parameters are the same.
 */
export type TypeKind =
  | 'any'
  | 'bool'
  | 'bytes'
  | 'double'
  | 'duration'
  | 'dyn'
  | 'error'
  | 'int'
  | 'list'
  | 'map'
  | 'null'
  | 'opaque'
  | 'string'
  | 'struct'
  | 'timestamp'
  | 'type'
  | 'typeParam'
  | 'uint';

export interface CelType {
  readonly kind: TypeKind;
  /** The name at run time; `type(x)` answers it. */
  readonly name: string;
  readonly parameters: readonly CelType[];
  /** An `optional field`: holds null as well (protobuf's wrappers). */
  readonly nullable?: boolean;
}

const simple = (kind: TypeKind, name: string = kind): CelType => ({ kind, name, parameters: [] });

export const BOOL = simple('bool');
export const BYTES = simple('bytes');
export const DOUBLE = simple('double');
export const DURATION = simple('duration', 'google.protobuf.Duration');
export const DYN = simple('dyn');
export const ERROR = simple('error');
export const INT = simple('int');
export const NULL = simple('null', 'null_type');
export const STRING = simple('string');
export const TIMESTAMP = simple('timestamp', 'google.protobuf.Timestamp');
export const UINT = simple('uint');
export const TYPE = simple('type');

export const listOf = (element: CelType): CelType => ({ kind: 'list', name: 'list', parameters: [element] });
export const mapOf = (key: CelType, value: CelType): CelType => ({
  kind: 'map',
  name: 'map',
  parameters: [key, value],
});
export const optionalOf = (value: CelType): CelType => opaque('optional_type', value);
export const typeOf = (type: CelType): CelType => ({ kind: 'type', name: 'type', parameters: [type] });
export const typeParam = (name: string): CelType => simple('typeParam', name);
export const struct = (name: string): CelType => simple('struct', name);

export function opaque(name: string, ...parameters: CelType[]): CelType {
  return { kind: 'opaque', name, parameters };
}

/** A parameter of a list, map or optional; `dyn` when the type has none. */
export function parameter(type: CelType, index = 0): CelType {
  return type.parameters[index] ?? DYN;
}

/** The type as error messages show it. */
export function formatType(type: CelType): string {
  switch (type.kind) {
    case 'any':
      return 'any';
    case 'duration':
      return 'duration';
    case 'error':
      return '!error!';
    case 'null':
      return 'null';
    case 'timestamp':
      return 'timestamp';
    default: {
      if (type.parameters.length === 0) return type.nullable ? `wrapper(${type.name})` : type.name;
      return `${type.name}(${type.parameters.map(formatType).join(', ')})`;
    }
  }
}

export function isSame(a: CelType, b: CelType): boolean {
  if (a === b) return true;
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    a.nullable === b.nullable &&
    a.parameters.length === b.parameters.length &&
    a.parameters.every((one, index) => isSame(one, parameter(b, index)))
  );
}

export function isDyn(type: CelType): boolean {
  return type.kind === 'dyn' || type.kind === 'any';
}

export function isOptional(type: CelType): boolean {
  return type.kind === 'opaque' && type.name === 'optional_type';
}
