export type Scalar = 'string' | 'numeric' | 'boolean' | 'any';

/** What a patch needs to know of a field: a part of the kind's OpenAPI schema. */
export interface SchemaNode {
  /** The name of its type in Go, where that is a struct. */
  readonly structName?: string;
  readonly type?: string;
  /** What a scalar must be; `any`: of whatever kind. Absent: no scalar, or not known. */
  readonly scalar?: Scalar;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode;
  readonly patchMergeKey?: string;
  /** `merge`, `replace`, `retainKeys`, or two of them with a comma between. */
  readonly patchStrategy?: string;
  readonly listType?: string;
  readonly listMapKeys?: readonly string[];
  /** `atomic`, or `granular` where a field's use overrules its type. */
  readonly mapType?: string;
  /** What an absent field means; `{}` for a struct that is never absent. */
  readonly default?: unknown;
  readonly required?: readonly string[];
  /** Whether anything may stand in it. */
  readonly opaque?: boolean;
}
