import type { Preset } from '../../../electron/simulator/presets/preset';
import { ofResource } from '../../../electron/simulator/presets/preset';
import { Random } from '../../../electron/simulator/random';
import { localPath } from '../../../electron/simulator/storage/local-path';
import { networkDisks } from '../../../electron/simulator/storage/network-disk';
import type { DaemonSet, Deployment, Job, KubeObject, Pod, StatefulSet } from '../../../shared/kubernetes/objects';
import { storageClasses } from '../../../shared/kubernetes/resources';
import { profile } from '../node-cluster';
import { type VirtualCluster, virtualCluster } from '../virtual-cluster';
import { Operations } from './operations';
import { nameOf, World } from './world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** As a provider has them, so that disks move between the nodes of a zone. */
const disks = networkDisks({
  name: 'disks.example.com',
  zoneLabel: 'zone',
  component: 'disks',
  handle: (_, id) => id,
  refusal: 'one node at a time',
});

const preset: Preset = {
  name: 'scenario',
  description: 'Five workers over two zones, with volumes and nothing else',
  nodes: [1, 2, 3, 4, 5].map((index) => profile(`worker-${index}`, index, { labels: { zone: index < 4 ? 'a' : 'b' } })),
  provisioners: [localPath, disks],
  objects: () => [
    ofResource(storageClasses, [
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        provisioner: 'rancher.io/local-path',
        reclaimPolicy: 'Delete',
        volumeBindingMode: 'WaitForFirstConsumer',
      },
      {
        metadata: { name: 'disk' },
        provisioner: disks.name,
        reclaimPolicy: 'Delete',
        volumeBindingMode: 'WaitForFirstConsumer',
      },
    ]),
  ],
};

/**
 * What is logged upstream too, and tried again later: a quota is used up, a claim is not gone yet, a pod that was let go has the
 * name of the next, an object is gone before its status is written, a pod is deleted while it is bound.
 */
const EXPECTED = new RegExp(
  [
    'exceeded quota',
    'pvc \\S+ is being deleted',
    'pods "\\S+" already exists$',
    'StatusError: \\S+ "\\S+" not found$',
    'is being deleted, cannot be assigned to a host$',
  ].join('|'),
);

/** What came of a scenario. */
export interface Outcome {
  /** A digest of every write. */
  readonly history: string;
  /** Of simulated time. */
  readonly minutes: number;
  readonly violations: readonly string[];
  /** What was done, in words. */
  readonly log: readonly string[];
}

/** How much happens. */
export interface ScenarioOptions {
  /** How many things people and accidents do; 40 if absent. */
  readonly operations?: number;
  /** How many times as much time passes between them as by itself, which is 41 seconds in the mean. */
  readonly pace?: number;
}

/**
 * Lets people and accidents loose on a cluster for a while, puts right what they broke, and looks whether all comes to what is
 * asked for. The same seed gives the same scenario, to the byte.
 */
export async function scenario(seed: number, { operations = 40, pace = 1 }: ScenarioOptions = {}): Promise<Outcome> {
  const random = new Random(seed);
  let world: World | undefined;
  const early: [string, string | undefined][] = [];
  const cluster = await virtualCluster({
    seed,
    preset,
    onWrite: (key, value) => (world === undefined ? early.push([key, value]) : world.take(key, value)),
  });
  const began = cluster.clock.now();
  world = new World(cluster.clock);
  for (const [key, value] of early) world.take(key, value);
  const people = new Operations(cluster.client, random, world);
  await cluster.advance(10 * SECOND);
  await people.begin();
  for (let done = 0; done < operations; done++) {
    await cluster.advance(random.pick([0, 0.2, 1, 5, 20, 60, 200]) * pace * SECOND);
    people.log.push(`-- ${new Date(cluster.clock.now()).toISOString()}`);
    await people.one();
  }
  await cluster.advance(MINUTE);
  await people.heal();
  await cluster.advance(45 * MINUTE);
  await people.heal();
  await cluster.advance(30 * MINUTE);
  const left = settled(world);
  const restless = await unrest(cluster, world);
  await cluster.stop();
  const errors = cluster.errors.flatMap((error) => (EXPECTED.test(error) ? [] : `logged: ${error}`));
  return {
    history: cluster.history(),
    minutes: (cluster.clock.now() - began) / MINUTE,
    violations: [...world.violations, ...left, ...restless, ...errors],
    log: people.log,
  };
}

/** What has not come to what is asked for. */
function settled(world: World): string[] {
  const found: string[] = [];
  const expect = (holds: boolean, text: string) => {
    if (!holds) found.push(`at the end: ${text}`);
  };
  for (const deployment of world.all<Deployment>('deployments')) {
    const wanted = deployment.spec?.replicas;
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {};
    const as = { replicas, updatedReplicas, availableReplicas };
    expect(
      Object.values(as).every((count) => count === wanted),
      `deployment ${nameOf(deployment)} wants ${wanted} and has ${JSON.stringify(as)}`,
    );
  }
  for (const set of world.all<StatefulSet>('statefulsets')) {
    const { readyReplicas = 0, replicas = 0, updatedReplicas = 0 } = set.status ?? {};
    const wanted = set.spec?.replicas;
    expect(
      [readyReplicas, replicas, updatedReplicas].every((count) => count === wanted),
      `stateful set ${nameOf(set)} wants ${wanted} and has ${JSON.stringify(set.status)}`,
    );
  }
  for (const set of world.all<DaemonSet>('daemonsets')) {
    const { desiredNumberScheduled, numberReady, updatedNumberScheduled = 0 } = set.status ?? {};
    expect(
      desiredNumberScheduled === 5 && numberReady === 5 && updatedNumberScheduled === 5,
      `daemon set ${nameOf(set)} has ${JSON.stringify(set.status)}`,
    );
  }
  for (const job of world.all<Job>('jobs')) {
    const ended = job.status?.conditions?.some(
      ({ type, status }) => /^(Complete|Failed)$/.test(type) && status === 'True',
    );
    expect(ended === true, `job ${nameOf(job)} goes on: ${JSON.stringify(job.status)}`);
  }
  for (const pod of world.all<Pod>('pods')) {
    expect(pod.metadata.deletionTimestamp === undefined, `pod ${nameOf(pod)} is still ending`);
  }
  const uids = new Set(world.resources.flatMap((resource) => world.all(resource)).map(({ metadata }) => metadata.uid));
  for (const resource of world.resources) {
    for (const object of world.all<KubeObject>(resource)) {
      const owners = object.metadata.ownerReferences ?? [];
      const gone = owners.filter(({ uid }) => !uids.has(uid));
      expect(
        gone.length === 0 || gone.length < owners.length,
        `${resource} ${nameOf(object)} belongs to ${gone.map(({ name }) => name)}, gone`,
      );
    }
  }
  return found;
}

/** What writes although nothing is left to do. */
async function unrest(cluster: VirtualCluster, world: World): Promise<string[]> {
  const counts = new Map<string, number>();
  const take = world.take.bind(world);
  world.take = (key, value) => {
    take(key, value);
    // Nodes tell every five minutes that they are well, and their leases every ten seconds.
    if (!/\/(leases|nodes|events)\//.test(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  await cluster.advance(10 * MINUTE);
  return [...counts].map(([key, count]) => `at rest: ${count} writes of ${key}`);
}
