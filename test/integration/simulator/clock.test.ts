import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientsAvailable, startClients } from '../../support/kubectl';
import { liveCluster } from '../../support/live-cluster';
import { temporaryFolder } from '../../support/paths';
import { startSimulator } from '../../support/simulator';

const CRON_JOB = `
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec:
  schedule: "0 3 * * *"
  timeZone: Etc/UTC
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: main, image: 'busybox:1.36', command: [echo, done] }]
`;

describe.skipIf(!clientsAvailable)('kubectl and the clock of the cluster', () => {
  const { kubectl, said } = liveCluster(1);
  const time = async () => Date.parse((await kubectl('get clock cluster --no-headers')).split(/ +/)[1] ?? '');
  const set = (spec: object) => kubectl(`patch clock cluster --type merge -p '${JSON.stringify({ spec })}'`);
  const followed = async () => {
    const generation = await kubectl("get clock cluster -o jsonpath='{.metadata.generation}'");
    await kubectl(`wait clock/cluster --for=jsonpath='{.status.observedGeneration}'=${generation} --timeout=60s`);
  };

  it('shows it, and says what its fields mean', async () => {
    expect(await kubectl('get clocks')).toMatch(
      /^NAME +TIME +SPEED +PAUSED +AGE\ncluster +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +1x +false +\S+\n$/,
    );
    expect(await kubectl('explain clock.spec.advanceTo')).toContain('time never goes back');
  });

  it('has it stand still, while requests are answered', async () => {
    await set({ paused: true });
    await followed();
    const before = await time();
    await kubectl('create configmap while-it-stands --from-literal=a=b');
    await kubectl('create deployment web --image=nginx:1.27');
    expect(await time()).toBe(before);
    expect(await kubectl('get pods')).not.toContain('Running');
    await set({ paused: false });
    await kubectl('rollout status deployment/web --timeout=60s');
  });

  it('has it leap: what is due before happens, each at its time', async () => {
    await kubectl('apply -f -', CRON_JOB);
    const begun = await time();
    const tomorrow = new Date(begun + 86_400_000).toISOString().replace(/T.*/, 'T04:00:00Z');
    await set({ advanceTo: tomorrow });
    await followed();
    expect(await time()).toBeGreaterThanOrEqual(Date.parse(tomorrow));
    const starts = (await kubectl("get jobs -o jsonpath='{.items[*].status.startTime}'")).split(' ');
    expect(starts.length).toBeGreaterThanOrEqual(1);
    for (const start of starts) expect(start).toMatch(/T03:00:0\dZ$/);
    expect(await kubectl('get nodes')).not.toContain('NotReady');
  }, 300_000);

  it('takes no speed that is none, and no second clock', async () => {
    expect(await said(`patch clock cluster --type merge -p '{"spec":{"speed":0}}'`)).toContain(
      'spec.speed in body should be greater than 0',
    );
    expect(await said(`patch clock cluster --type merge -p '{"spec":{"advanceTo":"tomorrow"}}'`)).toContain(
      'spec.advanceTo: Invalid value: "tomorrow"',
    );
    const second = { apiVersion: 'simulator.porthole.dev/v1alpha1', kind: 'Clock', metadata: { name: 'second' } };
    expect(await said('create -f -', JSON.stringify(second))).toContain('there is one clock: cluster');
    await kubectl('delete clock cluster');
    await kubectl('wait clock/cluster --for=create --timeout=60s');
  });
});

describe.skipIf(!clientsAvailable)('the clock of a cluster that is started again', () => {
  it('goes as it went, and never back, even after a leap and a crash', async () => {
    const folder = await temporaryFolder('clock');
    const options = { preset: 'empty', data: join(folder.path, 'data'), kubeconfig: join(folder.path, 'kubeconfig') };
    let simulator = await startSimulator(options);
    const clients = await startClients(options.kubeconfig);
    const kubectl = (...line: string[]) => clients.succeed(line);
    const time = async () =>
      Date.parse((await kubectl('get', 'clock', 'cluster', '--no-headers')).split(/ +/)[1] ?? '');
    try {
      const tomorrow = new Date((await time()) + 86_400_000).toISOString();
      const spec = JSON.stringify({ spec: { speed: 100, advanceTo: tomorrow } });
      await kubectl('patch', 'clock', 'cluster', '--type=merge', '-p', spec);
      await kubectl('wait', 'clock/cluster', '--for=jsonpath={.status.observedGeneration}=2', '--timeout=60s');
      const before = await time();
      await simulator.stop('SIGKILL');
      simulator = await startSimulator(options);
      const after = await time();
      expect(after).toBeGreaterThanOrEqual(before);
      expect(await kubectl('get', 'clock', 'cluster')).toContain(' 100x ');
      // Twenty seconds of the cluster's, which are a fifth of one.
      const hostBefore = Date.now();
      while ((await time()) < after + 20_000) expect(Date.now() - hostBefore).toBeLessThan(15_000);
    } finally {
      await simulator.stop();
      await clients.remove();
      await folder.remove();
    }
  }, 120_000);
});
