import type { WatchSink } from '../../../electron/clusters/watches/reflector';
import type { RowsProblem } from '../../../shared/contract/rows';
import type { ConfigMap, KubeObject, Pod } from '../../../shared/kubernetes/objects';

/** A ConfigMap as a server would store it. */
export function configMap(name: string, namespace = 'default', data: Record<string, string> = {}): ConfigMap {
  return {
    metadata: { name, namespace, uid: `uid-${namespace}-${name}`, creationTimestamp: '2026-01-01T00:00:00Z' },
    data,
  };
}

/** A running pod. */
export function pod(name: string, options: { namespace?: string; owner?: string; phase?: string } = {}): Pod {
  const { namespace = 'default', owner, phase = 'Running' } = options;
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-${namespace}-${name}`,
      labels: { app: 'web' },
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(owner === undefined
        ? {}
        : {
            ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: `uid-default-${owner}` }],
          }),
    },
    spec: { containers: [{ name: 'main', image: 'nginx' }] },
    status: {
      phase,
      containerStatuses: [
        { name: 'main', ready: true, restartCount: 0, image: 'nginx', imageID: '', state: { running: {} } },
      ],
    },
  };
}

/** Writes down what a reflector says, in order. */
export class Recorder implements WatchSink {
  readonly log: string[] = [];
  readonly problems: RowsProblem[] = [];
  readonly objects = new Map<string, KubeObject>();
  private readonly waiting: { until: () => boolean; resolve: () => void }[] = [];
  private unseen = new Set<string>();

  listing(): void {
    this.unseen = new Set(this.objects.keys());
    this.note('listing');
  }

  put(objects: readonly KubeObject[]): void {
    for (const object of objects) {
      this.objects.set(object.metadata.name ?? '', object);
      this.unseen.delete(object.metadata.name ?? '');
    }
    this.note(`put ${objects.map((object) => object.metadata.name).join(' ')}`);
  }

  listed(): void {
    for (const name of this.unseen) this.objects.delete(name);
    this.note('listed');
  }

  remove(object: KubeObject): void {
    this.objects.delete(object.metadata.name ?? '');
    this.note(`remove ${object.metadata.name}`);
  }

  live(): void {
    this.note('live');
  }

  problem(problem: RowsProblem): void {
    this.problems.push(problem);
    this.note(`problem ${problem.type}`);
  }

  /** Resolves when the condition holds after some event. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ until: condition, resolve }));
  }

  count(entry: string): number {
    return this.log.filter((line) => line === entry).length;
  }

  private note(line: string): void {
    this.log.push(line);
    for (const { until, resolve } of this.waiting) if (until()) resolve();
  }
}

/** Tries again at once. */
export const noBackoff = { delay: () => 1 };
