import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobController } from '../../../../electron/simulator/controllers/job';
import { formatIndexes, parseIndexes } from '../../../../electron/simulator/controllers/job/indexes';
import { findCondition } from '../../../../shared/kubernetes/conditions';
import type { Job } from '../../../../shared/kubernetes/objects';
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
