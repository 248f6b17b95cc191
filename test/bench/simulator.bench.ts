import { setTimeout as pause } from 'node:timers/promises';
import type { Preset } from '../../electron/simulator/presets/preset';
import { ofResource } from '../../electron/simulator/presets/preset';
import { nodes, pods, serviceAccounts } from '../../shared/kubernetes/resources';
import { startSimulator } from '../support/simulator';
import { virtualCluster } from '../support/virtual-cluster';
import { type ManyNodes, startManyNodes } from './cluster';
import { elapsed, quantile, type Report, round } from './figures';
import { inParallel } from './load';

/** Milliseconds without another running pod after which the rest is given up. */
const LONGEST_WAIT = 60_000;

/** From nothing to a cluster whose API answers and whose nodes are Ready. */
export async function simulatorStart(report: Report): Promise<void> {
  // The first builds what is to be measured, and brings it into the machine's memory.
  await (await startSimulator()).stop();
  for (const preset of ['course', 'empty']) {
    const times: number[] = [];
    for (let turn = 0; turn < 7; turn++) {
      const { stop, startTime } = await startSimulator({ preset });
      await stop();
      times.push(startTime);
    }
    report(`simulated cluster ready, preset ${preset}, median`, Math.round(quantile(times, 0.5)), 'ms');
  }
}

/**
 * Pods on a hundred nodes that have their image: a thousand, then ten thousand in all. Each takes a second or so, as on a
 * real node; how many at once is what the machinery bounds.
 */
export async function podsToRunning(report: Report): Promise<void> {
  const cluster = await startManyNodes(100);
  try {
    const before = await cluster.usage();
    const few = await runPods(cluster, 0, 1_000);
    report('created to Running over HTTPS, 1,000 pods', few.rate, 'pods/s');
    report('created to Running, median of a pod', few.median, 'ms');
    const between = await cluster.usage();
    const many = await runPods(cluster, 1_000, 10_000);
    report('created to Running over HTTPS, the next 9,000 pods', many.rate, 'pods/s');
    const after = await cluster.usage();
    // Processor time, unlike the rate, says the same on a busy machine.
    const costs = [(between.cpu - before.cpu) / 1_000, (after.cpu - between.cpu) / 9_000];
    report('simulator, processor time for each of the first 1,000 pods', round(1000 * (costs[0] ?? 0)), 'ms');
    report('simulator, processor time for each of the next 9,000 pods', round(1000 * (costs[1] ?? 0)), 'ms');
    report('simulator with 10,000 pods Running, heap growth', after.heap - before.heap, 'MB');
    report('simulator with 10,000 pods Running, process', after.memory, 'MB');
  } finally {
    await cluster.stop();
  }
}

/** What ten and then fifty thousand pods that run weigh, on nodes of a hundred each. */
export async function memoryOfPods(report: Report): Promise<void> {
  const cluster = await startManyNodes(500);
  try {
    await runPods(cluster, 0, 10_000);
    const few = await cluster.usage();
    report('memory with 10,000 pods Running on 500 nodes, process', few.memory, 'MB');
    await runPods(cluster, 10_000, 50_000);
    const many = await cluster.usage();
    report('memory with 50,000 pods Running on 500 nodes, process', many.memory, 'MB');
    report('heap for each of 40,000 further pods', round((1024 * (many.heap - few.heap)) / 40_000), 'KB');
  } finally {
    await cluster.stop();
  }
}

/** A hundred thousand pods that run on a thousand nodes: what they weigh, and what they take while nothing happens. */
export async function heldPods(report: Report): Promise<void> {
  const cluster = await startManyNodes(1_000);
  try {
    const { rate } = await runPods(cluster, 0, 100_000);
    report('created to Running over HTTPS, 100,000 pods on 1,000 nodes', rate, 'pods/s');
    await eventsWritten(cluster);
    const before = await cluster.usage();
    report('memory with 100,000 pods Running on 1,000 nodes, process', before.memory, 'MB');
    const seconds = 60;
    await pause(seconds * 1000);
    const { cpu } = await cluster.usage();
    report('processor with 100,000 pods Running on 1,000 nodes', round((100 * (cpu - before.cpu)) / seconds), '%');
  } finally {
    await cluster.stop();
  }
}

/** Waits until what is told of the pods' start is written: events come after all else. */
async function eventsWritten({ api }: ManyNodes): Promise<void> {
  for (let written = Number.POSITIVE_INFINITY; written > 100; ) {
    written = 0;
    const stop = await api.watch(
      '/api/v1/events?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan',
      () => {
        written++;
      },
    );
    await pause(10_000);
    stop();
  }
}

/** How fast pods are given nodes where there are many, with all plugins and the writes that belong to it. */
export async function schedulerDecisions(report: Report): Promise<void> {
  for (const nodeCount of [100, 1_000]) {
    const podCount = 5_000;
    const bound: number[] = [];
    const cluster = await virtualCluster({
      seed: 1,
      preset: waitingPods(nodeCount, podCount),
      disable: ['kubelet', 'controllers'],
      onWrite(key, value) {
        if (key.startsWith('/registry//pods/') && value?.includes('"nodeName"')) bound.push(performance.now());
      },
    });
    const [first = 0, last = 0] = [bound[0], bound.at(-1)];
    if (bound.length !== podCount) throw new Error(`${bound.length} of ${podCount} pods have a node`);
    report(`scheduler decisions, ${nodeCount} nodes`, Math.round((1000 * podCount) / (last - first)), 'pods/s');
    await cluster.stop();
  }
}

/** How fast time can go while nothing happens but nodes that tell that they are well. */
export async function idleTime(report: Report): Promise<void> {
  const cluster = await virtualCluster({ seed: 1, preset: 'course' });
  await cluster.advance(600_000);
  const milliseconds = await elapsed(() => cluster.advance(3_600_000));
  report('simulated seconds in a second, idle, preset course', Math.round(3_600_000 / milliseconds), 's/s');
  await cluster.stop();
}

/** Nodes that are ready without a kubelet, and pods that want one. */
function waitingPods(nodeCount: number, podCount: number): Preset {
  const range = (length: number) => Array.from({ length }, (_, index) => index);
  const room = { cpu: '32', memory: '128Gi', pods: '110' };
  return {
    name: 'waiting',
    description: 'Nodes without kubelets, and pods that wait for them',
    nodes: [],
    objects: () => [
      ofResource(
        nodes,
        range(nodeCount).map((index) => ({
          metadata: {
            name: `node-${index}`,
            labels: { 'kubernetes.io/hostname': `node-${index}`, 'topology.kubernetes.io/zone': `zone-${index % 3}` },
          },
          status: { capacity: room, allocatable: room, conditions: [{ type: 'Ready', status: 'True' }] },
        })),
      ),
      ofResource(serviceAccounts, [{ metadata: { name: 'default', namespace: 'default' } }]),
      ofResource(
        pods,
        range(podCount).map((index) => ({
          metadata: { name: `pod-${index}`, namespace: 'default', labels: { app: `app-${index % 50}` } },
          spec: {
            // Nobody is there to say that the nodes are ready.
            tolerations: [{ operator: 'Exists' }],
            containers: [
              { name: 'main', image: 'nginx:1.29', resources: { requests: { cpu: '100m', memory: '128Mi' } } },
            ],
          },
        })),
      ),
    ],
  };
}

/** How long others wait for an answer while a controller makes many pods at once. */
export async function answersUnderLoad(report: Report): Promise<void> {
  const cluster = await startManyNodes(20);
  const { api } = cluster;
  const waits: number[] = [];
  let ready = false;
  try {
    const stop = await api.watch(
      '/apis/apps/v1/namespaces/default/deployments?watch=true&resourceVersion=0',
      (line) => {
        ready ||= line.includes('"readyReplicas":1000');
      },
    );
    await api.send('POST', '/apis/apps/v1/namespaces/default/deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'busy' },
      spec: {
        replicas: 1_000,
        selector: { matchLabels: { app: 'busy' } },
        template: {
          metadata: { labels: { app: 'busy' } },
          spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10.1' }] },
        },
      },
    });
    const start = performance.now();
    while (!ready && performance.now() - start < 60_000) {
      waits.push(await elapsed(() => api.read('/version')));
      await pause(5);
    }
    stop();
    report('a deployment of 1,000 pods, all ready', Math.round(performance.now() - start), 'ms');
  } finally {
    await cluster.stop();
  }
  report('meanwhile another client waits for an answer, median', round(quantile(waits, 0.5)), 'ms');
  report('meanwhile another client waits for an answer, longest', round(quantile(waits, 1)), 'ms');
}

/** Creates the pods of these numbers from sixteen clients and waits until all run. */
async function runPods({ api }: ManyNodes, from: number, to: number): Promise<{ rate: number; median: number }> {
  const created = new Map<string, number>();
  const took: number[] = [];
  let allRun = () => {};
  const done = new Promise<void>((resolve) => {
    allRun = resolve;
  });
  const stop = await api.watch('/api/v1/namespaces/default/pods?watch=true&resourceVersion=0', (line) => {
    if (!line.includes('"phase":"Running"')) return;
    const name = /"name":"([^"]+)"/.exec(line)?.[1] ?? '';
    const start = created.get(name);
    if (start === undefined) return;
    created.delete(name);
    if (took.push(performance.now() - start) === to - from) allRun();
  });
  const milliseconds = await elapsed(async () => {
    await inParallel(16, to - from, async (index) => {
      const name = `pod-${from + index}`;
      created.set(name, performance.now());
      await api.send('POST', '/api/v1/namespaces/default/pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels: { app: 'bench' } },
        spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10.1' }] },
      });
    });
    // Many take their time; it is when none has come for long that the rest never will.
    for (let before = -1; took.length < to - from && took.length > before; ) {
      before = took.length;
      await Promise.race([done, pause(LONGEST_WAIT, undefined, { ref: false })]);
    }
  });
  stop();
  if (took.length < to - from) throw new Error(`only ${took.length} of ${to - from} pods run in the end`);
  return { rate: Math.round(((to - from) / milliseconds) * 1000), median: Math.round(quantile(took, 0.5)) };
}
