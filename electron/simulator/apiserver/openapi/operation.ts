import type { GroupVersionKind } from '../schema/document';

/** A request's method, as OpenAPI writes it. */
export type Method = 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch';

/** What a request says beside its body. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description: string;
}

/** One method of one path, in no version of OpenAPI yet. Schemas go by their names: `io.k8s.api.core.v1.Pod`. */
export interface Operation {
  readonly method: Method;
  /** With its parameters in braces. */
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly description: string;
  readonly action?: string;
  readonly kind?: GroupVersionKind;
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly schema: string; readonly isRequired: boolean };
  /** Media types of the body. */
  readonly consumes?: readonly string[];
  /** Media types of the answer. */
  readonly produces: readonly string[];
  /** The codes of success. */
  readonly codes: readonly (200 | 201 | 202)[];
  /** The schema of the answer; absent: a text. */
  readonly answer?: string;
}

/** All operations of one path. */
export interface Path {
  readonly path: string;
  /** What all of its operations take; each has only the others. */
  readonly shared: readonly Parameter[];
  readonly operations: readonly Operation[];
}

/** The words that go with a code of success. */
export const CODES: Readonly<Record<Operation['codes'][number], string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
};

/** Puts operations together by their paths, in the order of the paths' letters (kube-openapi's pkg/builder/openapi.go). */
export function pathsOf(operations: readonly Operation[]): Path[] {
  const byPath = new Map<string, Operation[]>();
  for (const operation of operations) {
    const { path } = operation;
    const others = byPath.get(path);
    if (others === undefined) byPath.set(path, [operation]);
    else others.push(operation);
  }
  return [...byPath].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, own]) => ({ path, ...split(own) }));
}

function split(operations: readonly Operation[]): Omit<Path, 'path'> {
  const [first, ...others] = operations;
  const shared = (first?.parameters ?? []).filter((parameter) =>
    others.every(({ parameters }) => parameters.includes(parameter)),
  );
  const inOrder = (parameters: readonly Parameter[]) =>
    [...parameters].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.in < b.in ? -1 : 1));
  return {
    shared: inOrder(shared),
    operations: operations.map((operation) => ({
      ...operation,
      parameters: inOrder(operation.parameters.filter((parameter) => !shared.includes(parameter))),
    })),
  };
}
