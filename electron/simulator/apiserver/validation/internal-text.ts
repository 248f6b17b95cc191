import { canonicalQuantity } from '../../../../shared/kubernetes/quantities';
import { INTERNAL_TYPES } from './internal-types';

interface InternalField {
  readonly goName: string;
  readonly jsonName: string;
  /** `string`, `bool`, `int`, `quantity`, `any` for what is shown as it comes, or a type of the table. */
  readonly type: string;
  readonly shape: '' | '*' | '[]' | '{}';
}

let types: ReadonlyMap<string, readonly InternalField[]> | undefined;

/** The table, read when a message first needs it. */
function fieldsOf(type: string): readonly InternalField[] | undefined {
  types ??= new Map(
    INTERNAL_TYPES.trim()
      .split('\n')
      .map((line) => {
        const [name = '', fields = ''] = line.split(': ');
        return [name, fields.split(', ').map(parseField)];
      }),
  );
  return types.get(type);
}

function parseField(text: string): InternalField {
  const [, goName = '', jsonName, type = 'string', shape = ''] =
    /^(\w+)(?:=(\w+))?(?: (\w+)(\*|\[\]|\{\})?)?$/.exec(text) ?? [];
  return {
    goName,
    jsonName: jsonName ?? goName.charAt(0).toLowerCase() + goName.slice(1),
    type,
    shape: shape as InternalField['shape'],
  };
}

/**
 * An object of a pod's spec as upstream's messages show it. Upstream validates its internal types, whose fields have no JSON
 * names: shown whole, they show every field under its name in Go, absent ones as null or zero.
 * @param type a type of upstream's pkg/apis/core: `SecurityContext`.
 */
export function internalText(type: string, value: object): Record<string, unknown> {
  const given = new Map<string, unknown>(Object.entries(type === 'PodSpec' ? asInternalSpec(value) : value));
  return Object.fromEntries(
    (fieldsOf(type) ?? []).map((field) => [field.goName, shownField(field, given.get(field.jsonName))]),
  );
}

function shownField({ type, shape }: InternalField, value: unknown): unknown {
  if (value === undefined || value === null) return shape === '' ? zeroOf(type) : null;
  if (shape === '[]' && Array.isArray(value)) return value.map((item: unknown) => shown(type, item));
  if (shape === '{}' && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return shown(type, value);
}

function shown(type: string, value: unknown): unknown {
  if (type === 'quantity') return canonicalQuantity(String(value));
  return typeof value === 'object' && value !== null && fieldsOf(type) !== undefined
    ? internalText(type, value)
    : value;
}

function zeroOf(type: string): unknown {
  switch (type) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int':
      return 0;
    case 'quantity':
      return '0';
    case 'any':
      return null;
    default:
      return internalText(type, {});
  }
}

/** What of a pod's spec the internal types keep in its security context. */
const OF_CONTEXT = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'];

function asInternalSpec(spec: object): object {
  const given = new Map<string, unknown>(Object.entries(spec));
  const context = given.get('securityContext');
  const moved = Object.fromEntries(OF_CONTEXT.map((field) => [field, given.get(field)]));
  return { ...spec, securityContext: { ...(typeof context === 'object' ? context : {}), ...moved } };
}
