import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../support/paths';

/** One request of a case file. See README.md for what each member means. */
export interface Step {
  readonly name: string;
  readonly like?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  /** `METHOD /path?query`. */
  readonly do: string;
  readonly as?: string;
  /** A list: the header is sent once for each. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  readonly text?: string;
  readonly type?: string;
  readonly watch?: number;
  readonly until?: Readonly<Record<string, unknown>>;
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

interface CaseFile {
  /** What kube-apiserver is to be started with. */
  readonly flags?: readonly string[];
  readonly steps: readonly Step[];
}

function read(file: string): CaseFile {
  const content: CaseFile | Step[] = parse(readFileSync(join(folder, 'cases', `${file}.yaml`), 'utf8'));
  return Array.isArray(content) ? { steps: content } : content;
}

/** The flags of kube-apiserver that a file is about. */
export function flagsOf(file: string): readonly string[] {
  return read(file).flags ?? [];
}

/** @throws Error when two steps of a file have one name, or a step is like none before it. */
export function stepsOf(file: string): Step[] {
  const { steps } = read(file);
  const known = new Map<string, Step>();
  for (const step of steps) {
    const { name, like } = step;
    if (known.has(name)) throw new Error(`${file}.yaml has two steps named ${JSON.stringify(name)}`);
    const model = like === undefined ? undefined : known.get(like);
    if (like !== undefined && model === undefined) throw new Error(`${file}.yaml: no step ${JSON.stringify(like)} yet`);
    known.set(
      name,
      model === undefined ? step : { ...model, ...step, body: changed(step.body ?? model.body, step.with) },
    );
  }
  return [...known.values()];
}

/** A copy of a body with members set, or taken away where the value is null: `{ spec.containers.0.image: null }`. */
function changed(body: unknown, changes: Step['with'] = {}): unknown {
  const next: unknown = structuredClone(body);
  for (const [path, value] of Object.entries(changes)) {
    // A name with dots in it, such as a label's, is written in brackets: metadata.labels.[app.kubernetes.io/name].
    const names = [...path.matchAll(/\[([^\]]+)\]|([^.]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    const last = names.pop() ?? '';
    let at = next as Record<string, unknown>;
    for (const name of names) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    if (value === null) delete at[last];
    else at[last] = value;
  }
  return next;
}
