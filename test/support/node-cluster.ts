import { nodeLifecycleController } from '../../electron/simulator/controllers/node-lifecycle';
import { ActiveFaults } from '../../electron/simulator/faults/active-faults';
import { KubeletRegistry, type NodeProfile, nodeKubelet } from '../../electron/simulator/node';
import { scheduler } from '../../electron/simulator/scheduler';
import type { Event, Pod } from '../../shared/kubernetes/objects';
import { events, pods } from '../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from './control-plane';

type PodSpec = NonNullable<Pod['spec']>;

/** A control plane with a scheduler and real kubelets, and who lets pods onto nodes that are ready. */
export interface NodeCluster extends TestCluster {
  readonly registry: KubeletRegistry;
  /** What goes wrong, as Faults would have it. */
  readonly faults: ActiveFaults;
  /** Creates a pod in `default`. */
  apply(name: string, spec: Partial<PodSpec>, metadata?: Pod['metadata']): Promise<Pod>;
  pod(name: string): Promise<Pod>;
  /** A container's log so far. */
  logs(name: string, container?: string, previous?: boolean): Promise<string>;
  /** What the events about an object say, oldest first: `Reason: message`, with the number of times behind. */
  eventsOf(name: string): Promise<string[]>;
  /** Moves time on until the pod is as wanted. */
  until(name: string, wanted: (pod: Pod) => boolean, limit?: number): Promise<Pod>;
}

export function profile(name: string, index: number, changes: Partial<NodeProfile> = {}): NodeProfile {
  return {
    name,
    internalIP: `172.18.0.${index + 2}`,
    podCIDR: `10.244.${index}.0/24`,
    capacity: { cpu: '4', memory: '8Gi' },
    ...changes,
  };
}

/** @param profiles the machines; one worker when absent. */
export async function nodeCluster(profiles: readonly NodeProfile[] = [profile('worker-1', 1)]): Promise<NodeCluster> {
  const registry = new KubeletRegistry();
  const faults = new ActiveFaults();
  const cluster = await testCluster([
    nodeLifecycleController,
    scheduler,
    ...profiles.map((each) => nodeKubelet(each, registry, faults)),
  ]);
  await cluster.advance(100);
  const { client, clock } = cluster;
  const pod = (name: string) => client.get(pods, 'default', name);
  return {
    ...cluster,
    registry,
    faults,
    pod,
    apply: (name, spec, metadata = {}) =>
      client.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...metadata, name, namespace: 'default' },
        spec: { containers: [], automountServiceAccountToken: false, ...spec },
      }),
    async logs(name, container, previous = false) {
      const found = await pod(name);
      const kubelet = registry.connector(found.spec?.nodeName ?? '');
      if (kubelet === undefined) throw new Error(`no kubelet for pod ${name}`);
      const options = {
        container: container ?? found.spec?.containers[0]?.name ?? '',
        follow: false,
        previous,
        timestamps: false,
      };
      let text = '';
      for await (const chunk of kubelet.logs(found, options, new AbortController().signal)) {
        text += new TextDecoder().decode(chunk);
      }
      return text;
    },
    async eventsOf(name) {
      const { items } = await client.list(events);
      const about = items.filter(({ involvedObject }) => involvedObject.name === name);
      const order = (event: Event) => Number.parseInt((event.metadata.name ?? '').split('.').pop() ?? '0', 16);
      about.sort((a, b) => order(a) - order(b));
      return about.map(({ reason, message, count = 1 }) => `${reason}: ${message}${count > 1 ? ` (x${count})` : ''}`);
    },
    async until(name, wanted, limit) {
      await clock.until(async () => wanted(await pod(name)), limit);
      return pod(name);
    },
  };
}
