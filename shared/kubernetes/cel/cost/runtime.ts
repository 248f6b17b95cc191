import { CelList, CelMap, Opaque, Optional, type Value } from '../values/value';

/** What a single evaluation may cost in an admission rule (k8s.io/apiserver/pkg/apis/cel/config.go: PerCallLimit). */
export const PER_CALL_LIMIT = 1_000_000;

/** An evaluation was stopped because it cost too much. Nothing in the expression can absorb it. */
export class CostLimitExceeded extends Error {
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}

/** Reading one character costs this part of one step, and one of a regular expression that (cel-go's `common/cost.go`). */
export const STRING_TRAVERSAL = 0.1;
export const REGEX_LENGTH = 0.25;
export const LIST_CREATE = 10;
export const MAP_CREATE = 30;
export const STRUCT_CREATE = 40;

/** How much there is to go over: characters, bytes or entries; one for everything else. */
function sizeOf(value: Value | undefined): number {
  if (typeof value === 'string') return codePoints(value);
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof CelList || value instanceof CelMap) return value.size;
  if (value instanceof Opaque) return value.size ?? 1;
  if (value instanceof Optional && value.value !== undefined) return sizeOf(value.value);
  return 1;
}

/** In code points; without making an array of them. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next >= 0xdc00 && next <= 0xdfff) count--;
  }
  return count;
}

const traversal = (size: number, factor = 1) => Math.ceil(size * factor * STRING_TRAVERSAL);
const regex = (text: Value | undefined, patternSize: number) =>
  Math.ceil((1 + sizeOf(text)) * STRING_TRAVERSAL) * Math.ceil(patternSize * REGEX_LENGTH);

/** One authorization check costs so much that an expression can make two. */
const CHECK = 350_000;
/** A selector of so many characters has at most half as many requirements, each a structure and a list. */
const selector = (size: number) =>
  LIST_CREATE + traversal(size) + Math.ceil(Math.ceil(size * 0.5) * (LIST_CREATE + STRUCT_CREATE));

type Cost = (args: readonly Value[], result: Value, overload: string) => number;

const ONE: Cost = () => 1;
const ofAll: Cost = ([first]) => contentSize(first);
const ofFirst: Cost = ([first]) => traversal(sizeOf(first));
const ofFirstTwice: Cost = ([first]) => traversal(sizeOf(first), 2);
const ofContainment =
  (text: string, extra: (cidr: number) => number): Cost =>
  ([cidr, other], _result, overload) => {
    const size = sizeOf(cidr);
    return traversal(size, 2) + extra(size) + (overload === text ? traversal(sizeOf(other)) : 0);
  };

const each = (cost: Cost, ...names: string[]) => names.map((name) => [name, cost] as const);

/** By function: Kubernetes' own (k8s.io/apiserver/pkg/cel/library/cost.go). */
const BY_FUNCTION = new Map<string, Cost>([
  ['check', () => CHECK],
  ...each(([, text]) => selector(sizeOf(text)), 'fieldSelector', 'labelSelector'),
  ...each(ofAll, 'isSorted', 'sum', 'max', 'min', 'indexOf', 'lastIndexOf'),
  ...each(ofFirst, 'url', 'lowerAscii', 'upperAscii', 'substring', 'trim', 'jsonpatch.escapeKey'),
  ...each(ofFirst, 'cidr', 'isIP', 'isCIDR', 'quantity', 'isQuantity', 'semver', 'isSemver'),
  ...each(ofFirstTwice, 'replace', 'split', 'ip.isCanonical'),
  ['join', (_args, result) => traversal(sizeOf(result), 2)],
  ...each(([text, pattern]) => regex(text, sizeOf(pattern)), 'find', 'findAll'),
  ['ip', (args, result, overload) => (overload === 'cidr_ip' ? 1 : ofFirst(args, result, overload))],
  ['containsIP', ofContainment('cidr_contains_ip_string', () => 0)],
  ['containsCIDR', ofContainment('cidr_contains_cidr_string', (size) => traversal(size) + 1)],
  ['validate', ([format, text]) => regex(text, sizeOf(format))],
]);

const smaller: Cost = ([a, b]) => traversal(Math.min(sizeOf(a), sizeOf(b)));
const both: Cost = ([a, b]) => traversal(sizeOf(a) + sizeOf(b));

/** By overload: the language's own (cel-go's `interpreter/runtimecost.go`). */
const BY_OVERLOAD = new Map<string, Cost>([
  ...each(ofFirst, 'starts_with_string', 'ends_with_string', 'string_to_bytes', 'bytes_to_string', 'strings_quote'),
  ['string_format', ofFirst],
  ['in_list', ([, list]) => sizeOf(list)],
  ...each(smaller, 'less_string', 'greater_string', 'less_equals_string', 'greater_equals_string'),
  ...each(smaller, 'less_bytes', 'greater_bytes', 'less_equals_bytes', 'greater_equals_bytes', 'equals', 'not_equals'),
  ...each(both, 'add_string', 'add_bytes'),
  ['matches_string', ([text, pattern]) => regex(text, sizeOf(pattern))],
  ['contains_string', ([text, part]) => traversal(sizeOf(text)) * traversal(sizeOf(part))],
]);

/**
 * What a call has cost.
 * @param overload empty when the types of the arguments were not known before.
 */
export function callCost(name: string, overload: string, args: readonly Value[], result: Value): number {
  const [first] = args;
  if (name === '_==_' && first instanceof Opaque) return 1;
  const cost = BY_FUNCTION.get(name) ?? BY_OVERLOAD.get(overload) ?? ONE;
  return cost(args, result, overload);
}

/** All of a value, gone over as a tree. */
function contentSize(value: Value | undefined): number {
  if (typeof value === 'string') return Math.trunc(new TextEncoder().encode(value).length * STRING_TRAVERSAL);
  if (value instanceof Uint8Array) return Math.trunc(value.length * STRING_TRAVERSAL);
  if (value instanceof CelList) {
    let cost = 0;
    for (const one of value) cost += contentSize(one);
    return cost;
  }
  if (value instanceof CelMap) {
    let cost = 0;
    for (const key of value.keys()) cost += contentSize(key) + contentSize(value.find(key) ?? null);
    return cost;
  }
  return 1;
}
