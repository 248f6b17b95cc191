import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../support/paths';

/** One request of a case file. See README.md for what each member means. */
export interface Step {
  readonly name: string;
  /** `METHOD /path?query`. */
  readonly do: string;
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
  readonly type?: string;
  readonly watch?: number;
  readonly keep?: Readonly<Record<string, string>>;
  readonly ignore?: readonly string[];
  readonly differs?: string;
}

export const folder = join(root, 'test', 'conformance');

/** The names of the case files, without their ending. */
export function caseFiles(): string[] {
  return readdirSync(join(folder, 'cases'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/** @throws Error when two steps of a file have one name. */
export function stepsOf(file: string): Step[] {
  const steps: Step[] = parse(readFileSync(join(folder, 'cases', `${file}.yaml`), 'utf8'), { intAsBigInt: false });
  const names = new Set<string>();
  for (const { name } of steps) {
    if (names.has(name)) throw new Error(`${file}.yaml has two steps named ${JSON.stringify(name)}`);
    names.add(name);
  }
  return steps;
}
