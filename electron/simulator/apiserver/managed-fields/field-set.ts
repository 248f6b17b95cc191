import { RecentMap } from '../../recent-map';

/**
 * A set of fields in the very shape of `fieldsV1` (sigs.k8s.io/structured-merge-diff fieldpath/serialize.go): a tree whose
 * keys are path elements with their kind before them: `f:` a field, `k:` an item of a list by its keys, `v:` an item of a
 * set. `.` says that the node is itself in the set beside what is below it; a node without members is in the set.
 * `undefined` is the empty set. Trees are shared and never changed.
 */
export type FieldSet = FieldTree | undefined;

export interface FieldTree {
  readonly [element: string]: FieldTree;
}

/** A field with nothing below it. */
export const LEAF: FieldTree = Object.freeze({});

const SELF = '.';

function isLeaf(tree: FieldTree): boolean {
  if (tree === LEAF) return true;
  for (const _ in tree) return false;
  return true;
}

/** Whether the node itself is in the set. */
export function isMember(tree: FieldTree): boolean {
  return SELF in tree || isLeaf(tree);
}

/** A node of its parts. `children` is taken over. */
export function node(member: boolean, children: Record<string, FieldTree>): FieldSet {
  if (isLeaf(children)) return member ? LEAF : undefined;
  return member ? { [SELF]: LEAF, ...children } : children;
}

/** All of both. Gives `a` itself where `b` adds nothing. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === undefined || a === b) return b;
  if (b === undefined) return a;
  const member = isMember(a) || isMember(b);
  let children: Record<string, FieldTree> | undefined;
  for (const key in b) {
    if (key === SELF) continue;
    const mine = a[key];
    const both = union(mine, b[key]);
    if (both === mine || both === undefined) continue;
    children ??= childrenOf(a);
    children[key] = both;
  }
  if (children === undefined && member === isMember(a)) return a;
  return node(member, children ?? childrenOf(a));
}

/** What is in `a` and not in `b`. Gives `a` itself where they share nothing. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (a === undefined || b === undefined) return a;
  const member = isMember(a) && !isMember(b);
  let children: Record<string, FieldTree> | undefined;
  for (const key in b) {
    const mine = a[key];
    if (key === SELF || mine === undefined) continue;
    const left = difference(mine, b[key]);
    if (left === mine) continue;
    children ??= childrenOf(a);
    if (left === undefined) delete children[key];
    else children[key] = left;
  }
  if (children === undefined && member === isMember(a)) return a;
  return node(member, children ?? childrenOf(a));
}

/** What is in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (a === undefined || b === undefined) return undefined;
  const children: Record<string, FieldTree> = {};
  for (const key in a) {
    if (key === SELF) continue;
    const both = intersection(a[key], b[key]);
    if (both !== undefined) children[key] = both;
  }
  return node(isMember(a) && isMember(b), children);
}

/** The set without a field and all that is below it. */
export function without(set: FieldSet, [first, ...rest]: readonly string[]): FieldSet {
  if (set === undefined || first === undefined) return undefined;
  const child = set[first];
  if (child === undefined) return set;
  const left = without(child, rest);
  if (left === child) return set;
  const children = childrenOf(set);
  if (left === undefined) delete children[first];
  else children[first] = left;
  return node(isMember(set), children);
}

function childrenOf(tree: FieldTree): Record<string, FieldTree> {
  const { [SELF]: _, ...children } = tree;
  return children;
}

/** The paths in the set as conflicts name them: those of a level before what is below them, each in order. */
export function* paths(set: FieldSet, prefix = ''): Iterable<string> {
  if (set === undefined) return;
  const elements = Object.keys(set)
    .filter((key) => key !== SELF)
    .sort();
  for (const element of elements) if (isMember(set[element] ?? LEAF)) yield prefix + pathElement(element);
  for (const element of elements) yield* paths(set[element], prefix + pathElement(element));
}

/** `.spec`, `[name="web"]`, `[="value"]`. */
export function pathElement(element: string): string {
  const text = element.slice(2);
  switch (element.slice(0, 2)) {
    case 'f:':
      return `.${text}`;
    case 'k:': {
      const keys: Record<string, unknown> = JSON.parse(text);
      const pairs = Object.entries(keys).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      return `[${pairs.join(',')}]`;
    }
    case 'v:':
      return `[=${text}]`;
    default:
      return `[${text}]`;
  }
}

/** How many sets are kept to be shared. */
const SHARED_BOUND = 4_096;

const texts = new WeakMap<FieldTree, string>();
/** The sets that were shared last, by their text. */
const sharedSets = new RecentMap<string, FieldTree>(SHARED_BOUND);

/**
 * The set itself, or an equal one that is in use. What was made of one template is managed alike: without this, the sets of
 * fifty thousand pods would weigh more than the pods.
 */
export function shared(set: FieldTree): FieldTree {
  if (texts.has(set)) return set;
  const text = encodeTree(set);
  const twin = sharedSets.get(text) ?? set;
  sharedSets.set(text, twin);
  texts.set(twin, text);
  return twin;
}

/** `fieldsV1` as text, with the elements in order. */
export function encodeFields(set: FieldSet): string {
  return set === undefined ? '{}' : (texts.get(set) ?? encodeTree(set));
}

/** One flat text, as it may be kept: put together by `+` it would hold all of its parts. */
function encodeTree(tree: FieldTree): string {
  const parts: string[] = [];
  writeTree(tree, parts);
  return parts.join('');
}

function writeTree(tree: FieldTree, parts: string[]): void {
  const keys = Object.keys(tree);
  if (keys.length > 1) keys.sort();
  let separator = '{';
  for (const key of keys) {
    parts.push(separator, PLAIN.test(key) ? `"${key}"` : JSON.stringify(key), ':');
    writeTree(tree[key] ?? LEAF, parts);
    separator = ',';
  }
  parts.push(keys.length === 0 ? '{}' : '}');
}

/** What JSON writes as it is: most elements, and this is asked of every one in every write. */
const PLAIN = /^[\w.:/-]*$/;
