import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobController } from '../../../../electron/simulator/controllers/job';
import { formatIndexes, parseIndexes } from '../../../../electron/simulator/controllers/job/indexes';
import { findCondition } from '../../../../shared/kubernetes/conditions';
import type { Job, Pod } from '../../../../shared/kubernetes/objects';
import { events, jobs, pods } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

function job(spec: Partial<NonNullable<Job['spec']>> = {}): Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'pi', namespace: 'default' },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'pi', image: 'perl' }] } },
      ...spec,
    },
  };
}

const ours = {
  template: {
    metadata: { labels: { is: 'ours' } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'pi', image: 'perl' }] },
  },
};

describe('job', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([jobController]);
    await cluster.addNode('worker-1');
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const all = async () => (await cluster.client.list(pods)).items;
  const open = async () =>
    (await all()).filter(({ status }) => status?.phase === 'Pending' || status?.phase === 'Running');
  const get = () => cluster.client.get(jobs, 'default', 'pi');
  const start = async (spec: Partial<NonNullable<Job['spec']>> = {}) => {
    await cluster.client.create(jobs, job(spec));
    await cluster.advance(1000);
  };
  const finishOpen = async (exitCode: number) => {
    for (const pod of await open()) await cluster.finish(await cluster.run(pod), exitCode);
    await cluster.advance(1000);
  };
  const told = async () =>
    (await cluster.client.list(events)).items.map(({ reason, message }) => `${reason}: ${message}`);

  it('runs a pod to its end and completes', async () => {
    await start();
    const [pod] = await all();
    expect(pod?.metadata.finalizers).toEqual(['batch.kubernetes.io/job-tracking']);
    expect((await get()).status).toEqual({
      active: 1,
      ready: 0,
      terminating: 0,
      startTime: '2026-01-01T00:00:00Z',
      uncountedTerminatedPods: {},
    });
    await finishOpen(0);
    const { status } = await get();
    expect(status).toMatchObject({ succeeded: 1, completionTime: '2026-01-01T00:00:01Z' });
    expect(status?.active ?? 0).toBe(0);
    expect(status?.conditions?.map(({ type }) => type)).toEqual(['SuccessCriteriaMet', 'Complete']);
    expect(findCondition(status?.conditions, 'Complete')).toMatchObject({
      status: 'True',
      reason: 'CompletionsReached',
      message: 'Reached expected number of succeeded pods',
    });
    expect((await all())[0]?.metadata.finalizers ?? []).toEqual([]);
    expect(await told()).toContain('Completed: Job completed');
    const before = await cluster.revision();
    await cluster.advance(3_600_000);
    expect(await cluster.revision()).toBe(before);
  });

  it('replaces failed pods later and later, up to its limit', async () => {
    await start({ backoffLimit: 2 });
    await finishOpen(1);
    expect(await open()).toHaveLength(0);
    await cluster.advance(8000);
    expect(await open()).toHaveLength(0);
    await cluster.advance(2000);
    expect(await open()).toHaveLength(1);
    await finishOpen(1);
    await cluster.advance(15_000);
    expect(await open()).toHaveLength(0);
    await cluster.advance(5000);
    await finishOpen(1);
    const { status } = await get();
    expect(status).toMatchObject({ failed: 3 });
    expect(findCondition(status?.conditions, 'Failed')).toMatchObject({
      status: 'True',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    });
    expect(await told()).toContain('BackoffLimitExceeded: Job has reached the specified backoff limit');
  });

  it('gives each pod of an indexed job its index', async () => {
    await start({ completions: 5, parallelism: 2, completionMode: 'Indexed' });
    const first = await all();
    expect(first.map(({ metadata }) => metadata.annotations?.['batch.kubernetes.io/job-completion-index'])).toEqual([
      '0',
      '1',
    ]);
    expect(first[0]?.spec?.hostname).toBe('pi-0');
    expect(first[0]?.spec?.containers[0]?.env?.[0]?.name).toBe('JOB_COMPLETION_INDEX');
    for (let round = 0; round < 3; round++) await finishOpen(0);
    const { status } = await get();
    expect(status).toMatchObject({ succeeded: 5, completedIndexes: '0-4' });
    expect(findCondition(status?.conditions, 'Complete')?.status).toBe('True');
    expect(await all()).toHaveLength(5);
  });

  it('ends when its deadline has passed', async () => {
    await start({ activeDeadlineSeconds: 30 });
    const [pod] = await all();
    const running = await cluster.run(pod as never);
    await cluster.advance(31_000);
    expect((await get()).status?.conditions?.map(({ type }) => type)).toEqual(['FailureTarget']);
    await cluster.finish(running, 143);
    await cluster.advance(1000);
    expect(findCondition((await get()).status?.conditions, 'Failed')).toMatchObject({ reason: 'DeadlineExceeded' });
  });

  it('makes no pods while suspended', async () => {
    await start({ suspend: true });
    expect(await all()).toHaveLength(0);
    expect(findCondition((await get()).status?.conditions, 'Suspended')).toMatchObject({
      status: 'True',
      reason: 'JobSuspended',
    });
    await cluster.client.patch(jobs, 'default', 'pi', 'merge', { spec: { suspend: false } });
    await cluster.advance(1000);
    expect(await all()).toHaveLength(1);
    expect(findCondition((await get()).status?.conditions, 'Suspended')).toMatchObject({
      status: 'False',
      reason: 'JobResumed',
    });
  });

  const indexed = { completionMode: 'Indexed', completions: 3, parallelism: 3 };
  const indexOf = ({ metadata }: Pod) => metadata.annotations?.['batch.kubernetes.io/job-completion-index'];
  const failuresOf = ({ metadata }: Pod) => metadata.annotations?.['batch.kubernetes.io/job-index-failure-count'];
  /** Has the open pod of an index end. */
  const finishIndex = async (index: string, exitCode: number) => {
    for (const pod of await open()) {
      if (indexOf(pod) === index) await cluster.finish(await cluster.run(pod), exitCode);
    }
    await cluster.advance(1000);
  };
  const reapEnding = async () => {
    for (const pod of await all()) if (pod.metadata.deletionTimestamp !== undefined) await cluster.reap(pod);
    await cluster.advance(1000);
  };
  const conditionTypes = async () => (await get()).status?.conditions?.map(({ type, reason }) => `${type} ${reason}`);

  it('gives up each index by itself where it has a limit of its own, and counts its tries in a row', async () => {
    await start({ ...indexed, backoffLimitPerIndex: 1 });
    await finishIndex('1', 1);
    expect((await open()).map(indexOf).sort()).toEqual(['0', '2']);
    // The failed pod stays until the next has taken over its count.
    expect((await all()).find((pod) => indexOf(pod) === '1')?.metadata.finalizers).toHaveLength(1);
    await cluster.advance(10_000);
    const again = (await open()).find((pod) => indexOf(pod) === '1');
    expect(again && failuresOf(again)).toBe('1');
    await finishIndex('1', 1);
    await cluster.advance(600_000);
    expect((await open()).map(indexOf).sort()).toEqual(['0', '2']);
    expect((await get()).status).toMatchObject({ failedIndexes: '1', failed: 2 });
    await finishIndex('0', 0);
    await finishIndex('2', 0);
    expect(await conditionTypes()).toEqual(['FailureTarget FailedIndexes', 'Failed FailedIndexes']);
    expect((await get()).status).toMatchObject({ completedIndexes: '0,2', succeeded: 2 });
    expect(await told()).toContain('FailedIndexes: Job has failed indexes');
  });

  it('fails at once when more indexes fail than may', async () => {
    await start({ ...indexed, backoffLimitPerIndex: 0, maxFailedIndexes: 0 });
    for (const pod of await open()) await cluster.run(pod);
    await finishIndex('2', 1);
    expect(await conditionTypes()).toEqual(['FailureTarget MaxFailedIndexesExceeded']);
    await reapEnding();
    expect(findCondition((await get()).status?.conditions, 'Failed')).toMatchObject({
      reason: 'MaxFailedIndexesExceeded',
      message: 'Job has exceeded the specified maximal number of failed indexes',
    });
  });

  it('does not count what the failure policy ignores, and gives up an index that it says to', async () => {
    const onExitCodes = (value: number) => ({ operator: 'In', values: [value] });
    await start({
      ...indexed,
      backoffLimitPerIndex: 3,
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onExitCodes: onExitCodes(7) },
          { action: 'FailIndex', onExitCodes: onExitCodes(9) },
        ],
      },
    });
    await finishIndex('0', 7);
    await cluster.advance(10_000);
    const again = (await open()).find((pod) => indexOf(pod) === '0');
    expect(again?.metadata.annotations).toMatchObject({
      'batch.kubernetes.io/job-index-failure-count': '0',
      'batch.kubernetes.io/job-index-ignored-failure-count': '1',
    });
    await finishIndex('1', 9);
    expect((await get()).status).toMatchObject({ failed: 1, failedIndexes: '1' });
  });

  it('succeeds as soon as its success policy is met, whatever still runs', async () => {
    await start({ ...indexed, successPolicy: { rules: [{ succeededIndexes: '0,2', succeededCount: 1 }] } });
    for (const pod of await open()) await cluster.run(pod);
    await finishIndex('1', 0);
    expect(await conditionTypes()).toBeUndefined();
    await finishIndex('2', 0);
    expect(await conditionTypes()).toEqual(['SuccessCriteriaMet SuccessPolicy']);
    await reapEnding();
    expect(findCondition((await get()).status?.conditions, 'Complete')).toMatchObject({
      reason: 'SuccessPolicy',
      message: 'Matched rules at index 0',
    });
    expect((await get()).status).toMatchObject({ succeeded: 2, completedIndexes: '1,2' });
    expect((await get()).status?.failed).toBeUndefined();
  });

  it('replaces a pod that is ending only once it has ended, where it is told to', async () => {
    await start({ podReplacementPolicy: 'Failed' });
    const [pod] = await all();
    await cluster.client.delete(pods, 'default', (await cluster.run(pod as Pod)).metadata.name ?? '');
    await cluster.advance(60_000);
    expect((await get()).status).toMatchObject({ terminating: 1 });
    expect(await all()).toHaveLength(1);
    await cluster.finish((await all())[0] as Pod, 143);
    await cluster.advance(60_000);
    expect(await open()).toHaveLength(1);
    expect((await get()).status).toMatchObject({ failed: 1, active: 1 });
  });

  it('lets its pods go when it is deleted itself, and makes no more', async () => {
    await start();
    const [pod] = await all();
    await cluster.client.delete(jobs, 'default', 'pi', { propagationPolicy: 'Foreground' });
    await cluster.client.delete(pods, 'default', pod?.metadata.name ?? '');
    await cluster.advance(60_000);
    expect(await all()).toEqual([]);
    expect((await get()).metadata.deletionTimestamp).toBeDefined();
  });

  it('leaves a job to whom it says that manages it', async () => {
    await start({ managedBy: 'example.com/other' });
    expect(await all()).toEqual([]);
    expect((await get()).status).toEqual({});
  });

  it('counts a pod that it adopts', async () => {
    await start({ manualSelector: true, selector: { matchLabels: { is: 'ours' } }, suspend: true, ...ours });
    await cluster.client.create(pods, {
      metadata: { name: 'stray', namespace: 'default', labels: { is: 'ours' } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'pi', image: 'perl' }] },
    });
    await cluster.client.patch(jobs, 'default', 'pi', 'merge', { spec: { suspend: false } });
    await cluster.advance(1000);
    const [stray] = await all();
    expect(stray?.metadata.ownerReferences?.[0]?.name).toBe('pi');
    await finishOpen(0);
    expect((await get()).status).toMatchObject({ succeeded: 1 });
  });

  it('frees the pods of a job that is gone', async () => {
    await start();
    await cluster.client.delete(jobs, 'default', 'pi', { propagationPolicy: 'Orphan' });
    await cluster.advance(1000);
    await cluster.client.patch(jobs, 'default', 'pi', 'merge', { metadata: { finalizers: null } });
    await cluster.advance(1000);
    expect((await all())[0]?.metadata.finalizers ?? []).toEqual([]);
  });
});

describe('completion indexes', () => {
  it('are written in ranges', () => {
    expect(formatIndexes([7, 0, 1, 3, 4, 5])).toBe('0,1,3-5,7');
    expect([...parseIndexes('0,1,3-5,7', 6)]).toEqual([0, 1, 3, 4, 5]);
  });
});
