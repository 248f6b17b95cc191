import type { FaultSpec } from '../../../shared/kubernetes/simulator';
import { type ImageReference, parseImageReference } from '../node/images/reference';

/** How containers of an image end. */
export interface Crash {
  readonly exitCode: number;
  /** Milliseconds after their start. */
  readonly after: number;
  /** Written to standard error before the end; empty: nothing. */
  readonly output: string;
}

/** A request as far as its latency depends on it. */
export interface DelayedRequest {
  readonly user: string;
  readonly verb: string;
  readonly resource: string;
}

/** What goes wrong at present, for the parts of the cluster that it goes wrong in. Each asks when it comes to the deed. */
export class ActiveFaults {
  readonly #specs = new Map<string, FaultSpec>();
  readonly #listeners: (() => void)[] = [];

  /** Calls back whenever something begins or ceases to go wrong. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** @param spec absent: it is over. */
  set(name: string, spec: FaultSpec | undefined): void {
    if (spec === undefined) {
      if (!this.#specs.delete(name)) return;
    } else this.#specs.set(name, spec);
    for (const listener of this.#listeners) listener();
  }

  isDown(node: string): boolean {
    return this.#of('nodeDown').some(({ nodes }) => nodes.includes(node));
  }

  /** Whether a node cannot reach the registry that an image comes from. */
  isUnreachable({ registry }: ImageReference, node: string): boolean {
    return this.#of('registryUnreachable').some(
      ({ registries, nodes }) => concerns(registries, registry) && concerns(nodes, node),
    );
  }

  /** How containers of an image end by themselves; `undefined` where they do not. @param image its name. */
  crashOf(image: string): Crash | undefined {
    const found = this.#of('failingImage').find((fault) => matches(fault.image, image));
    if (found === undefined) return undefined;
    const { exitCode = 1, afterSeconds = 0, output = '' } = found;
    return { exitCode, after: afterSeconds * 1000, output };
  }

  /** How many times as long a node's disk takes for everything. */
  slowness(node: string): number {
    const slow = this.#of('slowDisk').filter(({ nodes }) => concerns(nodes, node));
    return Math.max(1, ...slow.map(({ factor = 10 }) => factor));
  }

  /** Milliseconds of the host's time that a request waits. */
  latency({ user, verb, resource }: DelayedRequest): number {
    const slow = this.#of('apiLatency').filter(
      ({ users, verbs, resources }) => concerns(users, user) && concerns(verbs, verb) && concerns(resources, resource),
    );
    return Math.max(0, ...slow.map(({ milliseconds }) => milliseconds));
  }

  #of<K extends keyof FaultSpec>(kind: K): NonNullable<FaultSpec[K]>[] {
    if (this.#specs.size === 0) return [];
    return [...this.#specs.values()].flatMap((spec) => {
      const fault: FaultSpec[K] = spec[kind];
      return fault === undefined || fault === null ? [] : [fault as NonNullable<FaultSpec[K]>];
    });
  }
}

function concerns(wanted: readonly string[] | undefined, one: string): boolean {
  return wanted === undefined || wanted.includes(one);
}

/** @param wanted a name as manifests give it: with neither tag nor digest, it is the image in any. */
function matches(wanted: string, name: string): boolean {
  const reference = parseImageReference(wanted);
  const image = parseImageReference(name);
  if (reference === undefined || image === undefined) return false;
  const last = wanted.split('/').at(-1) ?? '';
  return /[:@]/.test(last) ? reference.full === image.full : reference.repository === image.repository;
}
