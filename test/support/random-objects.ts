import fc from 'fast-check';
import { definitionOf, definitions, resolved, type Schema } from '../../electron/simulator/apiserver/schema/document';

/** Draws a value, as `fc.gen()` hands it out: what fails shrinks. */
export type Draw = fc.GeneratorValue;

/** Texts that mean something somewhere in the API, and some that mean nothing anywhere. */
const TEXTS = [
  '',
  'app=web',
  'a in (b',
  '*/5 * * * *',
  'self.x > 0',
  'object.spec == oldObject.spec',
  '\u0000',
  '\ud800',
  'a'.repeat(64),
  'b'.repeat(254),
  ...words(`
    a A a-b.c default kubernetes 0 -1 80 80% 1Gi 100m -5 1e3 0x1 true Always Never TCP UDP Deny In Exists DoesNotExist Gt
    RollingUpdate OnDelete None metadata.name=a ! * / .. /a/../b http://a 10.0.0.1 10.0.0.0/8 ::1 @hourly Europe/Berlin
    2024-01-01T00:00:00Z 1h 1 é 𝄞 " % {{ $(A) v1 apps/v1 a/b/c Pod Deployment Scale example.com/x {"a": [] null
    kubernetes.io/hostname node-role.kubernetes.io/ cpu memory pods
  `),
];
const NUMBERS = [
  0, 1, -1, 2, 80, 443, 30000, 65535, 65536, 600, 2147483647, -2147483648, 4294967296, 9007199254740994, 1.5, 1e21,
];
const ANYTHING = [
  null,
  '',
  'a',
  0,
  -1,
  1.5,
  true,
  false,
  [],
  {},
  [null],
  [[]],
  { a: null },
  { a: { b: [1, 'x'] } },
  [{}],
  'x'.repeat(300),
];

/**
 * An object of a kind, mostly of the right shape: what is deep below a kind's schema is only reached by what fits above it.
 * @param kind of a group and version; one without a schema gets anything.
 */
export function randomObject(draw: Draw, kind: { group: string; version: string; kind: string }): unknown {
  const name = definitionOf(kind);
  if (name === undefined) return draw(fc.constantFrom, ...ANYTHING);
  const object = randomValue(draw, definitions()[name] ?? {}, 0);
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return object;
  const { group, version } = kind;
  return {
    ...object,
    ...(chance(draw, 90) ? { apiVersion: group === '' ? version : `${group}/${version}`, kind: kind.kind } : {}),
    ...(chance(draw, 85)
      ? { metadata: { ...Object(Reflect.get(object, 'metadata')), name: draw(fc.constantFrom, 'a', 'b', 'web') } }
      : {}),
  };
}

export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

export function chance(draw: Draw, percent: number): boolean {
  return draw(fc.integer, { min: 1, max: 100 }) <= percent;
}

function randomValue(draw: Draw, schema: Schema, depth: number): unknown {
  if (chance(draw, 4)) return draw(fc.constantFrom, ...ANYTHING);
  const { type, properties, items, additionalProperties, format } = resolved(schema);
  if (properties !== undefined) {
    const names = Object.keys(properties);
    // Few members deep down, else objects never end.
    const count = Math.min(names.length, draw(fc.integer, { min: 0, max: depth > 3 ? 3 : 6 }));
    const chosen = new Set(resolved(schema).required?.filter(() => chance(draw, 85)));
    if (depth === 0 && names.includes('spec') && chance(draw, 90)) chosen.add('spec');
    for (let n = 0; n < count && depth < 9; n++) chosen.add(draw(fc.constantFrom, ...names));
    const members = [...chosen].map((name): [string, unknown] => [
      name,
      randomValue(draw, properties[name] ?? {}, depth + 1),
    ]);
    return Object.fromEntries(members);
  }
  if (type === 'array') {
    const count = draw(fc.constantFrom, 0, 1, 1, 2);
    return Array.from({ length: count }, () => randomValue(draw, items ?? {}, depth + 1));
  }
  if (type === 'object') {
    const keys = Array.from({ length: draw(fc.constantFrom, 0, 1, 2) }, () => draw(fc.constantFrom, ...TEXTS));
    return Object.fromEntries(keys.map((key) => [key, randomValue(draw, additionalProperties ?? {}, depth + 1)]));
  }
  if (type === 'integer' || type === 'number') return draw(fc.constantFrom, ...NUMBERS);
  if (type === 'boolean') return draw(fc.boolean);
  if (type === 'string')
    return format === 'int-or-string' && chance(draw, 50) ? draw(fc.constantFrom, ...NUMBERS) : randomText(draw);
  return draw(fc.constantFrom, ...ANYTHING);
}

export function randomText(draw: Draw): string {
  return chance(draw, 90) ? draw(fc.constantFrom, ...TEXTS) : draw(fc.string, { unit: 'binary', maxLength: 20 });
}
