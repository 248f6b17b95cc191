import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cronJobController } from '../../../../electron/simulator/controllers/cron-job';
import { jobController } from '../../../../electron/simulator/controllers/job';
import type { CronJob } from '../../../../shared/kubernetes/objects';
import { cronJobs, events, jobs, pods } from '../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../support/control-plane';

function hello(spec: Partial<NonNullable<CronJob['spec']>> = {}): CronJob {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'hello', namespace: 'default' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'hello', image: 'busybox' }] } } },
      },
      ...spec,
    },
  };
}

describe('cron job', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await testCluster([cronJobController, jobController]);
    await cluster.addNode('worker-1');
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.errors).toEqual([]);
  });

  const children = async () => (await cluster.client.list(jobs)).items.map(({ metadata }) => metadata.name);
  const get = () => cluster.client.get(cronJobs, 'default', 'hello');
  const finishAll = async () => {
    for (const pod of (await cluster.client.list(pods)).items) {
      if (pod.status?.phase === 'Pending') await cluster.finish(await cluster.run(pod), 0);
    }
    await cluster.advance(1000);
  };
  const minute = (time: string) => Date.parse(time) / 60_000;
  const reasons = async () =>
    (await cluster.client.list(events)).items.map(({ reason, message }) => `${reason}: ${message}`);

  it('starts a job each minute, named after it', async () => {
    await cluster.client.create(cronJobs, hello());
    await cluster.advance(59_000);
    expect(await children()).toEqual([]);
    await cluster.advance(2000);
    const name = `hello-${minute('2026-01-01T00:01:00Z')}`;
    expect(await children()).toEqual([name]);
    expect((await get()).status).toMatchObject({
      lastScheduleTime: '2026-01-01T00:01:00Z',
      active: [{ kind: 'Job', name }],
    });
    await finishAll();
    expect((await get()).status?.active ?? []).toEqual([]);
    expect((await get()).status?.lastSuccessfulTime).toBe('2026-01-01T00:01:01Z');
    expect(await reasons()).toEqual(
      expect.arrayContaining([
        `SuccessfulCreate: Created job ${name}`,
        `SawCompletedJob: Saw completed job: ${name}, condition: Complete`,
      ]),
    );
  });

  it('keeps three finished jobs', async () => {
    await cluster.client.create(cronJobs, hello());
    for (let round = 0; round < 5; round++) {
      await cluster.advance(60_000);
      await finishAll();
    }
    expect(await children()).toHaveLength(3);
    expect(await children()).toContain(`hello-${minute('2026-01-01T00:05:00Z')}`);
  });

  it('skips a time while a job runs, when that is forbidden', async () => {
    await cluster.client.create(cronJobs, hello({ concurrencyPolicy: 'Forbid' }));
    await cluster.advance(150_000);
    expect(await children()).toEqual([`hello-${minute('2026-01-01T00:01:00Z')}`]);
    expect((await reasons()).join()).toContain('JobAlreadyActive: Not starting job because prior execution is running');
  });

  it('starts nothing while suspended', async () => {
    await cluster.client.create(cronJobs, hello({ suspend: true }));
    await cluster.advance(300_000);
    expect(await children()).toEqual([]);
  });

  it('goes by its time zone', async () => {
    await cluster.client.create(cronJobs, hello({ schedule: '30 5 * * *', timeZone: 'Asia/Kolkata' }));
    await cluster.advance(86_399_000);
    expect(await children()).toEqual([]);
    await cluster.advance(2000);
    expect(await children()).toEqual([`hello-${minute('2026-01-02T00:00:00Z')}`]);
  });
});
