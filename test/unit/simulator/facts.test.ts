import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { caseFiles, folder, stepsOf } from '../../conformance/steps';
import { root } from '../../support/paths';

/** Where each fact that re-implementations get wrong is held: what ../../conformance/facts.yaml names must be there. */

interface Fact {
  readonly fact: number;
  readonly about: string;
  readonly cases?: readonly string[];
  readonly tests?: readonly string[];
  readonly missing?: string;
}

const facts: Fact[] = parse(readFileSync(join(folder, 'facts.yaml'), 'utf8'));

/** `file: the rest`. */
function split(reference: string): [file: string, rest: string] {
  const colon = reference.indexOf(': ');
  return colon < 0 ? [reference, ''] : [reference.slice(0, colon), reference.slice(colon + 2)];
}

function hasCase(reference: string): boolean {
  const [file, step] = split(reference);
  return caseFiles().includes(file) && (step === '' || stepsOf(file).some(({ name }) => name === step));
}

function hasTest(reference: string): boolean {
  const [file, title] = split(reference);
  const place = file.startsWith('integration/') ? file.replace('/', '/simulator/') : `unit/simulator/${file}`;
  const path = join(root, 'test', `${place}.test.ts`);
  return existsSync(path) && readFileSync(path, 'utf8').includes(`'${title}'`);
}

it('has all of them', () => {
  expect(facts.map(({ fact }) => fact)).toEqual(Array.from({ length: 76 }, (_, index) => index + 1));
});

it.each(facts)('knows what holds fact $fact: $about', ({ cases = [], tests = [], missing }) => {
  expect(cases.filter((reference) => !hasCase(reference))).toEqual([]);
  expect(tests.filter((reference) => !hasTest(reference))).toEqual([]);
  expect(cases.length + tests.length > 0 || missing !== undefined).toBe(true);
});
