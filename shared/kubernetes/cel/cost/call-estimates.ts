import type { Expr } from '../syntax/ast';
import { type CelType, parameter } from '../types';
import { add, exactly, multiply, NOTHING, type Range, scale, UNKNOWN, union, upTo } from './range';
import { LIST_CREATE, REGEX_LENGTH, STRING_TRAVERSAL, STRUCT_CREATE } from './runtime';

/** An argument, as far as costs depend on it. */
export interface Argument {
  readonly expr: Expr;
  readonly type: CelType;
  readonly size: Range;
  /** Of each element, when it is a list. */
  readonly element: Range;
}

/** What a call may cost besides its arguments, and how large its result may be. */
export interface CallEstimate {
  readonly cost: Range;
  readonly size?: Range;
}

type Estimate = (args: readonly Argument[], target: Argument | undefined, overload: string) => CallEstimate | undefined;

const ONE: CallEstimate = { cost: exactly(1) };
const NO_ARGUMENT: Pick<Argument, 'size' | 'element'> = { size: UNKNOWN, element: UNKNOWN };
const traversal = (size: Range, times = 1) => scale(size, times * STRING_TRAVERSAL);
const regex = (text: Range, pattern: Range) => multiply(traversal(add(text, exactly(1))), scale(pattern, REGEX_LENGTH));
const first = (args: readonly Argument[]) => (args[0] ?? NO_ARGUMENT).size;

const one: Estimate = () => ONE;
const ofFirst: Estimate = (args) => ({ cost: traversal(first(args)) });
const ofTarget: Estimate = (_, target) => target && { cost: traversal(target.size), size: target.size };

/** Each element is compared. */
const ofElements: Estimate = (_, target) => {
  if (target === undefined) return undefined;
  if (target.type.kind !== 'list') return { cost: traversal(target.size) };
  const { kind } = parameter(target.type);
  const each = kind === 'string' || kind === 'bytes' ? add(exactly(1), traversal(target.element)) : exactly(1);
  return { cost: multiply(target.size, each) };
};

const ofSelector: Estimate = (args) => {
  const size = first(args);
  const requirements = scale(scale(size, 0.5), LIST_CREATE + STRUCT_CREATE);
  return { cost: add(exactly(LIST_CREATE), traversal(size), requirements) };
};

const ofReplace: Estimate = (args, target) => {
  const [from, to] = args;
  if (target === undefined || from === undefined || to === undefined) return undefined;
  const { size } = target;
  const most = replaced(size.max, from.size.min, to.size.max, to.size.max <= from.size.min);
  const least = replaced(size.min, from.size.max, to.size.min, from.size.max <= to.size.min);
  return { cost: traversal(size, 2), size: { min: least, max: Math.min(most, UNKNOWN.max) } };
};

/** How long a text is with parts of one length replaced by parts of another. @param isKept whether that is no change. */
function replaced(size: number, from: number, to: number, isKept: boolean): number {
  if (from === 0) return (size + 1) * to + size;
  return isKept ? size : Math.ceil(size / from) * to;
}

const ofSplit: Estimate = (args, target) => {
  if (target === undefined) return undefined;
  const limit = args[1]?.expr;
  const most = limit?.kind === 'literal' && typeof limit.value === 'bigint' ? Number(limit.value) : target.size.max;
  return { cost: traversal(target.size, 2), size: upTo(most) };
};

const ofJoin: Estimate = (args, target) => {
  if (target === undefined) return undefined;
  const { size } = target;
  const between = { min: Math.max(0, size.min - 1), max: Math.max(0, size.max - 1) };
  const separators = args.length === 0 ? NOTHING : multiply(first(args), between);
  const joined = add(multiply(size, target.element), separators);
  return { cost: traversal(joined), size: joined };
};

const ofFind: Estimate = (args, target) =>
  target && { cost: regex(target.size, first(args)), size: upTo(target.size.max) };

/** The bytes of an address. */
const ADDRESS: Range = { min: 4, max: 16 };
const ofContainment =
  (text: string, extra: Range): Estimate =>
  (args, _, overload) => {
    const parsed = overload === text ? traversal(first(args)) : NOTHING;
    return { cost: add(traversal(add(ADDRESS, ADDRESS)), extra, parsed) };
  };

/** The longest pattern of a format that has a name. */
const LONGEST_FORMAT = 128;

const each = (estimate: Estimate, ...names: string[]) => names.map((name) => [name, estimate] as const);

/** By function: Kubernetes' own (k8s.io/apiserver/pkg/cel/library/cost.go, `EstimateCallCost`). */
const BY_FUNCTION: ReadonlyMap<string, Estimate> = new Map([
  ['check', () => ({ cost: exactly(350_000) })],
  ...each(one, 'serviceAccount', 'path', 'group', 'resource', 'subresource', 'namespace', 'name', 'allowed'),
  ...each(one, 'reason', 'error', 'errored', 'format.named', 'masked', 'prefixLength', 'family', 'isUnspecified'),
  ...each(one, 'isLoopback', 'isLinkLocalMulticast', 'isLinkLocalUnicast', 'isGlobalUnicast', 'sign', 'asInteger'),
  ...each(one, 'isInteger', 'asApproximateFloat', 'isGreaterThan', 'isLessThan', 'compareTo', 'add', 'sub', 'major'),
  ...each(one, 'minor', 'patch', 'getScheme', 'getHostname', 'getHost', 'getPort', 'getEscapedPath', 'getQuery'),
  ...each(ofSelector, 'fieldSelector', 'labelSelector'),
  ...each(ofElements, 'isSorted', 'sum', 'max', 'min', 'indexOf', 'lastIndexOf'),
  ...each((args) => ({ cost: traversal(first(args)), size: first(args) }), 'url', 'jsonpatch.escapeKey'),
  ...each(ofTarget, 'lowerAscii', 'upperAscii', 'substring', 'trim'),
  ['replace', ofReplace],
  ['split', ofSplit],
  ['join', ofJoin],
  ...each(ofFind, 'find', 'findAll'),
  ...each(ofFirst, 'cidr', 'isIP', 'isCIDR', 'quantity', 'isQuantity', 'semver', 'isSemver'),
  ['ip', (args, target, overload) => (overload === 'cidr_ip' ? ONE : ofFirst(args, target, overload))],
  ['ip.isCanonical', (args) => ({ cost: traversal(first(args), 2) })],
  ['containsIP', ofContainment('cidr_contains_ip_string', NOTHING)],
  ['containsCIDR', ofContainment('cidr_contains_cidr_string', add(traversal(ADDRESS), exactly(1)))],
  ['validate', (args) => ({ cost: scale(traversal(first(args)), LONGEST_FORMAT * REGEX_LENGTH) })],
  ['_==_', ([a]) => (a?.type.kind === 'opaque' && a.type.name !== 'optional_type' ? ONE : undefined)],
]);

const ofSmaller: Estimate = ([a = NO_ARGUMENT, b = NO_ARGUMENT]) => {
  const max = Math.min(a.size.max, b.size.max);
  return { cost: scale({ min: max > 0 ? 1 : 0, max }, STRING_TRAVERSAL) };
};

const ofBoth: Estimate = ([a = NO_ARGUMENT, b = NO_ARGUMENT], _, overload) => {
  const size = add(a.size, b.size);
  return { cost: overload === 'add_list' ? exactly(1) : traversal(size), size };
};

const ofConversion =
  (size: (from: Range) => Range): Estimate =>
  (args) => ({ cost: traversal(first(args)), size: size(first(args)) });

/** By overload: the language's own (cel-go's checker/cost.go, `functionCost`). */
const BY_OVERLOAD: ReadonlyMap<string, Estimate> = new Map([
  ['string_format', (_, target) => target && { cost: traversal(target.size) }],
  ['string_to_bytes', ofConversion(({ min, max }) => ({ min, max: max * 4 }))],
  ['bytes_to_string', ofConversion(({ min, max }) => ({ min: Math.floor(min / 4), max }))],
  ['strings_quote', ofConversion(({ min, max }) => ({ min: min + 2, max: max * 2 + 2 }))],
  ...each(ofFirst, 'starts_with_string', 'ends_with_string'),
  ['in_list', ([, list = NO_ARGUMENT]) => ({ cost: list.size })],
  ['matches_string', (args, target) => target && { cost: regex(target.size, first(args)) }],
  ['contains_string', (args, target) => target && { cost: multiply(traversal(target.size), traversal(first(args))) }],
  ...each(ofBoth, 'add_string', 'add_bytes', 'add_list'),
  ...each(ofSmaller, 'less_string', 'greater_string', 'less_equals_string', 'greater_equals_string'),
  ...each(ofSmaller, 'less_bytes', 'greater_bytes', 'less_equals_bytes', 'greater_equals_bytes'),
  ...each(ofSmaller, 'equals', 'not_equals'),
]);

/**
 * What a call adds to the costs of its arguments.
 * @param costs of the arguments, of which not all may be needed.
 */
export function estimateCall(
  name: string,
  overload: string,
  args: readonly Argument[],
  target: Argument | undefined,
  costs: readonly Range[],
): CallEstimate {
  const [a = NOTHING, b = NOTHING, c = NOTHING] = costs;
  if (overload === 'logical_or' || overload === 'logical_and') return { cost: { min: a.min, max: add(a, b).max } };
  if (overload === 'conditional') {
    const [, yes = NO_ARGUMENT, no = NO_ARGUMENT] = args;
    return { cost: add(a, union(b, c)), size: union(yes.size, no.size) };
  }
  const { cost, size } =
    BY_FUNCTION.get(name)?.(args, target, overload) ?? BY_OVERLOAD.get(overload)?.(args, target, overload) ?? ONE;
  return { cost: add(cost, ...costs), ...(size && { size }) };
}
