import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type FieldSet, isMember } from '../../../../../electron/simulator/apiserver/managed-fields/field-set';
import { StatusError } from '../../../../../shared/kubernetes/status-error';
import { History, type Thing, thing } from './support';

/**
 * Ownership told a second time, and naively: fields are texts, sets of fields are sets of texts, and what a path is stands
 * in a table of patterns.
 */

type Paths = Set<string>;

function kindOf(path: string): 'struct' | 'map' | 'list' | 'set' | 'leaf' {
  if (path === '' || path === '|f:metadata' || path === '|f:spec' || path === '|f:spec|f:deep') return 'struct';
  if (path === '|f:metadata|f:labels' || /^\|f:spec\|f:items\|k:[^|]*\|f:env$/.test(path)) return 'map';
  if (path === '|f:spec|f:items') return 'list';
  if (path === '|f:spec|f:tags') return 'set';
  return /^\|f:spec\|f:items\|k:[^|]*$/.test(path) ? 'struct' : 'leaf';
}

const UNOWNED = ['|f:apiVersion', '|f:kind', '|f:metadata|f:name'];

function children(value: unknown, path: string): [path: string, value: unknown][] {
  if (value === null) return [];
  switch (kindOf(path)) {
    case 'leaf':
      return [];
    case 'set':
      return (value as string[]).map((item) => [`${path}|v:${JSON.stringify(item)}`, item]);
    case 'list':
      return (value as { name: string }[]).map((item) => [`${path}|k:{"name":${JSON.stringify(item.name)}}`, item]);
    default:
      return Object.entries(value as object)
        .map(([key, child]): [string, unknown] => [`${path}|f:${key}`, child])
        .filter(([child]) => !UNOWNED.includes(child));
  }
}

/** Every path of a value, with what stands there. */
function allPaths(value: unknown, path = '', result = new Map<string, string>()): Map<string, string> {
  if (path !== '' && path !== '|f:metadata') result.set(path, kindOf(path) === 'leaf' ? leafText(value) : '');
  for (const [child, below] of children(value, path)) allPaths(below, child, result);
  return result;
}

function leafText(value: unknown): string {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return JSON.stringify(isMap ? Object.entries(value).sort() : value);
}

function appliedPaths(value: unknown, path = '', result: Paths = new Set()): Paths {
  for (const [child, below] of children(value, path)) {
    const isEmpty = typeof below === 'object' && !Array.isArray(below) && Object.keys(below as object).length === 0;
    if (kindOf(child) === 'leaf' || ['map', 'list', 'set'].includes(kindOf(path)) || isEmpty) result.add(child);
    appliedPaths(below, child, result);
  }
  return result;
}

function delta(old: unknown, next: unknown): { changed: Paths; removed: Paths } {
  const before = allPaths(old);
  const after = allPaths(next);
  return {
    changed: new Set([...after].filter(([path, value]) => before.get(path) !== value).map(([path]) => path)),
    removed: new Set([...before.keys()].filter((path) => !after.has(path))),
  };
}

const minus = (a: Paths, ...others: Paths[]): Paths => new Set([...a].filter((p) => !others.some((o) => o.has(p))));

function withNamed(paths: Paths): Paths {
  const result = new Set(paths);
  for (const path of paths) {
    const parts = path.split('|');
    for (let end = 2; end < parts.length; end++) {
      if (kindOf(parts.slice(0, end - 1).join('|')) === 'struct') result.add(parts.slice(0, end).join('|'));
    }
  }
  result.delete('|f:metadata');
  return result;
}

function merged(live: unknown, wanted: unknown, path: string): unknown {
  if (live === undefined || live === null) return wanted;
  const kind = kindOf(path);
  if (kind === 'leaf') return wanted;
  if (kind === 'set') return [...new Set([...(live as string[]), ...(wanted as string[])])];
  if (kind === 'list') {
    const items = new Map((live as { name: string }[]).map((item) => [item.name, item as unknown]));
    for (const item of wanted as { name: string }[]) {
      items.set(item.name, merged(items.get(item.name), item, `${path}|k:{"name":${JSON.stringify(item.name)}}`));
    }
    return [...items.values()];
  }
  const result = { ...(live as Record<string, unknown>) };
  for (const [key, value] of Object.entries(wanted as object))
    result[key] = merged(result[key], value, `${path}|f:${key}`);
  return result;
}

/** Where all of a field's content goes, a null stays. */
function pruned(value: unknown, path: string, gone: Paths): unknown {
  if (gone.has(path)) return undefined;
  if (![...gone].some((other) => other.startsWith(`${path}|`))) return value;
  if (Array.isArray(value)) {
    const left = children(value, path).flatMap(([child, item]) => {
      const kept = pruned(item, child, gone);
      return kept === undefined ? [] : [kept];
    });
    return left.length === 0 ? null : left;
  }
  const left = Object.entries(value as object).flatMap(([key, item]) => {
    const kept = pruned(item, `${path}|f:${key}`, gone);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return left.length === 0 ? null : Object.fromEntries(left);
}

class Model {
  object: unknown = { metadata: {} };
  managers = new Map<string, Paths>();

  update(name: string, next: Thing): void {
    const { changed, removed } = delta(this.object, next);
    const own = this.managers.get(`${name} Update`) ?? new Set();
    for (const [manager, paths] of this.managers) this.managers.set(manager, minus(paths, changed, removed));
    this.managers.set(`${name} Update`, new Set([...minus(own, removed), ...changed]));
    this.object = next;
    this.#forgetEmpty();
  }

  /** @returns how many conflicts stand against it. */
  apply(name: string, wanted: Thing, force: boolean): number {
    const known = new Map(this.managers);
    if (known.size === 0) known.set('before-first-apply Update', new Set(allPaths(this.object).keys()));
    const own = `${name} Apply`;
    const set = appliedPaths(wanted);
    const others = [...known].filter(([manager]) => manager !== own);
    const kept = withNamed(new Set([...set, ...others.flatMap(([, paths]) => [...paths])]));
    const gone = minus(withNamed(known.get(own) ?? new Set()), kept);
    const next = pruned(merged(this.object, wanted, ''), '', gone);
    const { changed, removed } = delta(this.object, next);
    const conflicts = others.flatMap(([, paths]) => [...paths].filter((path) => changed.has(path)));
    if (conflicts.length > 0 && !force) return conflicts.length;
    this.managers = new Map([...others.map(([m, paths]) => [m, minus(paths, changed, removed)] as const), [own, set]]);
    this.object = next;
    this.#forgetEmpty();
    return 0;
  }

  #forgetEmpty(): void {
    for (const [manager, paths] of this.managers) if (paths.size === 0) this.managers.delete(manager);
  }
}

function members(set: FieldSet, path = '', result: string[] = []): string[] {
  for (const [element, tree] of Object.entries(set ?? {})) {
    if (element === '.') continue;
    if (isMember(tree)) result.push(`${path}|${element}`);
    members(tree, `${path}|${element}`, result);
  }
  return result;
}

/** The order of items is none of the model's business. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(unordered).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, unordered(child)]));
}

const word = fc.constantFrom('1', '2');
const letters = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 });
const dictionary = fc.dictionary(fc.constantFrom('k', 'l'), word);
const item = fc.record({ image: word, env: dictionary }, { requiredKeys: [] });
const items = fc
  .tuple(letters, fc.array(item, { minLength: 3, maxLength: 3 }))
  .map(([names, bodies]) => names.map((name, index) => ({ name, ...bodies[index] })));
const spec = fc.record(
  {
    size: word,
    tags: letters,
    atoms: fc.array(word, { minLength: 1, maxLength: 2 }),
    deep: fc.record({ one: word, two: word }, { requiredKeys: [] }),
    whole: dictionary,
    items,
  },
  { requiredKeys: [] },
);
const step = fc.record({
  name: fc.constantFrom('one', 'two', 'three'),
  how: fc.constantFrom('update', 'apply', 'force' as const),
  object: fc
    .tuple(fc.option(spec, { nil: undefined }), fc.option(dictionary, { nil: undefined }))
    .map(([s, l]) => thing(s, l)),
});

it('comes to what a naive model comes to, whoever writes what in whatever order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const history = new History();
      const model = new Model();
      for (const { name, how, object } of steps) {
        if (how === 'update') {
          history.update(name, object);
          model.update(name, object);
        } else {
          const conflicts = model.apply(name, object, how === 'force');
          try {
            history.apply(name, object, how === 'force');
            expect(conflicts).toBe(0);
          } catch (error) {
            if (!(error instanceof StatusError)) throw error;
            expect(error.status.details?.causes).toHaveLength(conflicts);
          }
        }
        expect(unordered(history.object)).toEqual(unordered(model.object));
        const owned = history.managed.entries.map(({ manager, fields }) => [
          `${manager.name} ${manager.operation}`,
          members(fields).sort(),
        ]);
        expect(Object.fromEntries(owned)).toEqual(
          Object.fromEntries([...model.managers].map(([manager, paths]) => [manager, [...paths].sort()])),
        );
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});
