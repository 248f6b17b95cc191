import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientsAvailable, startClients } from '../../support/kubectl';
import { liveCluster } from '../../support/live-cluster';
import { temporaryFolder } from '../../support/paths';
import { startSimulator } from '../../support/simulator';

const fault = (name: string, spec: object) =>
  JSON.stringify({ apiVersion: 'simulator.porthole.dev/v1alpha1', kind: 'Fault', metadata: { name }, spec });

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      topologySpreadConstraints:
        - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: web } } }
      containers: [{ name: web, image: 'nginx:1.29' }]
`;

describe.skipIf(!clientsAvailable)('kubectl and what goes wrong', () => {
  const { kubectl, said } = liveCluster(60);
  const nodesOf = async (app: string) =>
    (await kubectl(`get pods -l app=${app} -o jsonpath='{range .items[*]}{.spec.nodeName}{"\\n"}{end}'`))
      .trim()
      .split('\n')
      .sort();
  const begun = (name: string) => kubectl(`wait fault/${name} --for=jsonpath='{.status.active}'=true --timeout=60s`);

  it('is told what a Fault is, and what is none', async () => {
    expect(await kubectl('explain fault.spec')).toMatch(
      /one of nodeDown, registryUnreachable, failingImage,\s+slowDisk, apiLatency/,
    );
    expect(await said('create -f -', fault('none', {}))).toContain(
      'must have one of nodeDown, registryUnreachable, failingImage, slowDisk, apiLatency',
    );
    const two = { slowDisk: {}, nodeDown: { nodes: ['worker-1'] } };
    expect(await said('create -f -', fault('two', two))).toContain('must have one of');
    expect(await said('create -f -', fault('odd', { nodeDown: { nodes: [] } }))).toContain(
      'spec.nodeDown.nodes: Invalid value: 0: spec.nodeDown.nodes in body should have at least 1 items',
    );
    expect(await kubectl('get faults')).toBe('');
  });

  it('loses a node and what ran on it, sees the pods made anew elsewhere, and gets the node back', async () => {
    await kubectl('apply -f -', WEB);
    await kubectl('rollout status deployment/web --timeout=60s');
    expect(await nodesOf('web')).toEqual(['worker-1', 'worker-2', 'worker-3']);
    const lost = (await kubectl('get pods -l app=web --field-selector spec.nodeName=worker-2 -o name')).trim();

    await kubectl('apply -f -', fault('storm', { nodeDown: { nodes: ['worker-2'] } }));
    await begun('storm');
    expect(await kubectl('get fault storm')).toMatch(
      /^NAME +FAULT +TARGET +ACTIVE +AGE\nstorm +nodeDown +worker-2 +true +\S+\n$/,
    );
    expect(await said(`exec ${lost} -- true`)).toContain('dial tcp 172.18.0.4:10250');
    await kubectl('wait node/worker-2 --for=condition=Ready=Unknown --timeout=60s');
    expect(await kubectl('describe node worker-2')).toMatch(
      /Ready +Unknown .* NodeStatusUnknown +Kubelet stopped posting node status\./,
    );
    expect(await kubectl("get node worker-2 -o jsonpath='{.spec.taints[*].effect}'")).toBe('NoSchedule NoExecute');
    // Five minutes later its pods are taken off it, and go nowhere: nobody is there to end them.
    await kubectl(`wait ${lost} --for=jsonpath='{.metadata.deletionTimestamp}' --timeout=120s`);
    expect(await kubectl(`describe ${lost}`)).toContain('TaintManagerEviction');
    await kubectl('rollout status deployment/web --timeout=60s');
    expect(await kubectl('get pods -l app=web')).toMatch(/Terminating/);

    await kubectl('delete fault storm');
    await kubectl('wait node/worker-2 --for=condition=Ready --timeout=60s');
    await kubectl(`wait ${lost} --for=delete --timeout=60s`);
    await kubectl('rollout status deployment/web --timeout=60s');
    expect(await kubectl('describe node worker-2')).toMatch(/Rebooted .* Node worker-2 has been rebooted, boot id: /);
  });

  it('ends by itself when its time is over', async () => {
    await kubectl('create -f -', fault('short', { failingImage: { image: 'redis' }, durationSeconds: 600 }));
    await begun('short');
    await kubectl('run store --image=redis:8');
    await kubectl(
      "wait pod/store --for=jsonpath='{.status.containerStatuses[0].state.waiting.reason}'=CrashLoopBackOff --timeout=60s",
    );
    await kubectl("wait fault/short --for=jsonpath='{.status.active}'=false --timeout=60s");
    await kubectl('wait pod/store --for=condition=Ready --timeout=60s');
    const times = (await kubectl("get fault short -o jsonpath='{.status.startTime} {.status.endTime}'"))
      .split(' ')
      .map(Date.parse);
    expect(((times[1] ?? 0) - (times[0] ?? 0)) / 1000).toBeCloseTo(600, -1);
  });

  it('waits for the API where it is slow, and can always take that away', async () => {
    await kubectl(
      'create -f -',
      fault('lag', { apiLatency: { milliseconds: 60_000, verbs: ['list'], resources: ['secrets'] } }),
    );
    await begun('lag');
    expect(await said('get secrets --request-timeout=1s')).toMatch(/Timeout|deadline exceeded/);
    await kubectl('get configmaps --request-timeout=30s');
    await kubectl('delete fault lag --request-timeout=30s');
    await kubectl('get secrets --request-timeout=30s');
  });
});

describe.skipIf(!clientsAvailable)('what went wrong before a crash', () => {
  it('goes wrong after it, from the first moment', async () => {
    const folder = await temporaryFolder('faults');
    const options = { data: join(folder.path, 'data'), kubeconfig: join(folder.path, 'kubeconfig'), speed: 50 };
    let simulator = await startSimulator(options);
    const clients = await startClients(options.kubeconfig);
    try {
      const kubectl = (line: string[], stdin?: string) => clients.succeed(line, stdin);
      await kubectl(['create', '-f', '-'], fault('storm', { nodeDown: { nodes: ['worker-2'] } }));
      await kubectl(['wait', 'node/worker-2', '--for=condition=Ready=Unknown', '--timeout=60s']);
      await simulator.stop('SIGKILL');
      simulator = await startSimulator(options);
      expect(await kubectl(['get', 'node', 'worker-2'])).toContain(' NotReady ');
      expect(await kubectl(['get', 'fault', 'storm'])).toMatch(/ true /);
      await kubectl(['delete', 'fault', 'storm']);
      await kubectl(['wait', 'node/worker-2', '--for=condition=Ready', '--timeout=60s']);
    } finally {
      await simulator.stop();
      await clients.remove();
      await folder.remove();
    }
  }, 120_000);
});
