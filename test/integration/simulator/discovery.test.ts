import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../conformance/normalize';
import { play } from '../../conformance/player';
import { folder, stepsOf } from '../../conformance/steps';
import { ours } from '../../conformance/targets';

/** What a kube-apiserver v1.35 serves by default and we do not: groups, or resources with what is below them. */
const MISSING = ['resource.k8s.io'];

interface Named {
  readonly name?: string;
  readonly resource?: string;
  readonly metadata?: { readonly name?: string };
}

/** What is left of an answer without what is missing here. */
function served(item: unknown): unknown {
  if (Array.isArray(item)) return item.filter((each: unknown) => !isMissing(each)).map(served);
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(Object.entries(item).map(([key, child]) => [key, served(child)]));
}

function isMissing(item: unknown): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const { name, resource, metadata }: Named = item;
  const known = metadata?.name ?? resource ?? name?.split('/')[0];
  return known !== undefined && MISSING.includes(known);
}

describe('discovery is that of the real server, but for what is missing', () => {
  const recorded: Record<string, Answer> = JSON.parse(readFileSync(join(folder, 'recorded', 'discovery.json'), 'utf8'));
  const steps = stepsOf('discovery').filter(({ differs }) => differs !== undefined);
  let stop = async () => {};
  let answers: ReadonlyMap<string, Answer>;

  beforeAll(async () => {
    const server = await ours();
    stop = server.stop;
    answers = await play(server.target, 'discovery', steps);
  });
  afterAll(() => stop());

  it.each(steps.map(({ name }) => name))('%s', (name) => {
    expect(answers.get(name)).toEqual(served(recorded[name]));
  });

  it('misses nothing that it does not say', () => {
    const text = JSON.stringify([...answers.values()]);
    expect(MISSING.filter((name) => text.includes(`"${name}"`))).toEqual([]);
  });
});
