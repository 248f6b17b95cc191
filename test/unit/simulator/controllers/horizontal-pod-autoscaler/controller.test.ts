import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploymentController } from '../../../../../electron/simulator/controllers/deployment';
import { horizontalController } from '../../../../../electron/simulator/controllers/horizontal-pod-autoscaler';
import { replicaSetController } from '../../../../../electron/simulator/controllers/replica-set';
import type { KubeletApi } from '../../../../../electron/simulator/kubelet-api';
import type { Deployment, HorizontalPodAutoscaler } from '../../../../../shared/kubernetes/objects';
import {
  apiServices,
  deployments,
  endpoints,
  events,
  horizontalPodAutoscalers,
  pods,
} from '../../../../../shared/kubernetes/resources';
import { type TestCluster, testCluster } from '../../../../support/control-plane';
import { idleKubelet } from '../../../../support/idle-kubelet';

const MINUTE = 60_000;
const METRICS = { namespace: 'kube-system', name: 'metrics-server' };

const deployment = (name: string, replicas: number): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'nginx', resources: { requests: { cpu: '100m' } } }] },
    },
  },
});

let cluster: TestCluster;
/** Thousandths of a CPU that every pod uses. */
let use: number;

/** Knows of every pod that has a node. */
const kubelet: KubeletApi = {
  ...idleKubelet,
  usage: (at) => ({
    node: { nanocores: 0, bytes: 0 },
    containers: running.map((pod) => ({
      ...{ namespace: 'default', pod, container: 'web', startedAt: at - MINUTE },
      ...{ nanocores: use * 1e6, bytes: 1024 * 1024 },
    })),
  }),
};
let running: string[];

beforeEach(async () => {
  use = 0;
  running = [];
  const components = [horizontalController, deploymentController, replicaSetController];
  cluster = await testCluster(components, { kubelets: () => kubelet });
  await cluster.addNode('worker-1');
});
afterEach(async () => {
  await cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function withMetrics(): Promise<void> {
  await cluster.client.create(apiServices, {
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: METRICS,
    },
  });
  await cluster.client.create(endpoints, {
    metadata: METRICS,
    subsets: [{ addresses: [{ ip: '10.244.1.5' }], ports: [{ port: 10_250 }] }],
  });
}

async function autoscale(spec: Partial<NonNullable<HorizontalPodAutoscaler['spec']>>, name = 'web'): Promise<void> {
  await cluster.client.create(horizontalPodAutoscalers, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      maxReplicas: 10,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
      ...spec,
    },
  });
}

const status = async (name = 'web') => (await cluster.client.get(horizontalPodAutoscalers, 'default', name)).status;
const replicas = async (name = 'web') => (await cluster.client.get(deployments, 'default', name)).spec?.replicas;

/** Lets all pods run, and time pass: quarter by quarter of a minute, as new ones come. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 15_000) {
    const { items } = await cluster.client.list(pods);
    for (const pod of items) if (pod.status?.phase !== 'Running') await cluster.run(pod);
    running = items.flatMap(({ metadata }) => (metadata.deletionTimestamp === undefined ? [metadata.name ?? ''] : []));
    for (const pod of items) if (pod.metadata.deletionTimestamp !== undefined) await cluster.reap(pod);
    await cluster.advance(Math.min(left, 15_000));
  }
}

const conditions = async (name = 'web') =>
  Object.fromEntries(((await status(name))?.conditions ?? []).map(({ type, ...each }) => [type, each]));

async function told(): Promise<string[]> {
  const { items } = await cluster.client.list(events);
  return items
    .filter(({ involvedObject }) => involvedObject.kind === 'HorizontalPodAutoscaler')
    .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
}

describe('a horizontal pod autoscaler', () => {
  it('adds pods while they use more than they should, twice as many at most, and says so', async () => {
    await withMetrics();
    await cluster.client.create(deployments, deployment('web', 1));
    await pass(7 * MINUTE);
    await autoscale({});
    use = 300;
    await cluster.advance(14_000);
    expect(await status()).toMatchObject({ desiredReplicas: 0 });
    await pass(2_000);
    expect(await replicas()).toBe(4);
    expect(await status()).toMatchObject({
      currentReplicas: 1,
      desiredReplicas: 4,
      lastScaleTime: expect.any(String),
      currentMetrics: [
        { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 300, averageValue: '300m' } } },
      ],
    });
    expect(await conditions()).toMatchObject({
      AbleToScale: {
        status: 'True',
        reason: 'SucceededRescale',
        message: 'the HPA controller was able to update the target scale to 4',
      },
      ScalingActive: {
        status: 'True',
        reason: 'ValidMetricFound',
        message:
          'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
      },
      ScalingLimited: { status: 'True', reason: 'ScaleUpLimit' },
    });
    expect(await told()).toEqual([
      'Normal SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
    ]);
    await pass(2 * MINUTE);
    expect(await replicas()).toBe(10);
    expect((await conditions()).ScalingLimited).toMatchObject({ status: 'True', reason: 'TooManyReplicas' });
  });

  it('takes pods away only when five minutes have agreed', async () => {
    await withMetrics();
    await cluster.client.create(deployments, deployment('web', 6));
    use = 50;
    await pass(7 * MINUTE);
    await autoscale({ minReplicas: 2 });
    await pass(MINUTE);
    expect(await status()).toMatchObject({ currentReplicas: 6, desiredReplicas: 6 });
    use = 10;
    await pass(4 * MINUTE);
    expect(await replicas()).toBe(6);
    expect((await conditions()).AbleToScale).toMatchObject({ status: 'True', reason: 'ScaleDownStabilized' });
    await pass(2 * MINUTE);
    expect(await replicas()).toBe(2);
    expect(await told()).toContain('Normal SuccessfulRescale: New size: 2; reason: All metrics below target');
  });

  it('keeps to its bounds whatever the metrics say', async () => {
    await cluster.client.create(deployments, deployment('web', 1));
    await autoscale({ minReplicas: 3 });
    await pass(MINUTE / 4);
    expect(await replicas()).toBe(3);
    const scale = { spec: { replicas: 20 } };
    await cluster.client.patch(deployments, 'default', 'web', 'merge', scale);
    await pass(MINUTE / 4);
    expect(await replicas()).toBe(10);
    expect(await told()).toEqual([
      'Normal SuccessfulRescale: New size: 3; reason: Current number of replicas below Spec.MinReplicas',
      'Normal SuccessfulRescale: New size: 10; reason: Current number of replicas above Spec.MaxReplicas',
    ]);
  });

  it('lets what is scaled to nothing be', async () => {
    await cluster.client.create(deployments, deployment('web', 0));
    await autoscale({});
    await pass(MINUTE / 2);
    expect(await replicas()).toBe(0);
    expect((await conditions()).ScalingActive).toMatchObject({
      status: 'False',
      reason: 'ScalingDisabled',
      message: 'scaling is disabled since the replica count of the target is zero',
    });
  });

  it('says what it lacks: metrics, a target, custom metrics', async () => {
    await cluster.client.create(deployments, deployment('web', 2));
    await autoscale({});
    await autoscale({ scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nobody' } }, 'lost');
    await autoscale({ scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Nothing', name: 'web' } }, 'odd');
    await pass(MINUTE / 4);
    const why =
      'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
    expect((await conditions()).ScalingActive).toMatchObject({
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message: `the HPA was unable to compute the replica count: ${why}`,
    });
    expect((await status())?.currentMetrics).toEqual([{ type: '' }]);
    const unable = "the HPA controller was unable to get the target's current scale: ";
    expect((await conditions('lost')).AbleToScale).toMatchObject({
      status: 'False',
      reason: 'FailedGetScale',
      message: `${unable}deployments.apps "nobody" not found`,
    });
    expect((await conditions('odd')).AbleToScale?.message).toBe(
      `${unable}no matches for kind "Nothing" in group "apps"`,
    );
    expect((await told()).sort()).toEqual(
      [
        `Warning FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${why}`,
        `Warning FailedGetResourceMetric: ${why}`,
        'Warning FailedGetScale: deployments.apps "nobody" not found',
        'Warning FailedGetScale: no matches for kind "Nothing" in group "apps"',
      ].sort(),
    );
    const custom = {
      type: 'Pods',
      pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '5' } },
    };
    await cluster.client.patch(horizontalPodAutoscalers, 'default', 'web', 'merge', { spec: { metrics: [custom] } });
    await pass(MINUTE / 4);
    expect((await conditions()).ScalingActive?.message).toBe(
      'the HPA was unable to compute the replica count: unable to get metric hits: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    );
  });

  it('does not scale what another one scales', async () => {
    await withMetrics();
    await cluster.client.create(deployments, deployment('web', 1));
    await pass(7 * MINUTE);
    use = 300;
    await autoscale({});
    await autoscale({ scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } }, 'other');
    await pass(MINUTE);
    expect((await conditions('other')).ScalingActive).toMatchObject({
      status: 'False',
      reason: 'AmbiguousSelector',
      message: 'pods by selector app=web are controlled by multiple HPAs: [{other default} {web default}]',
    });
    await cluster.client.delete(horizontalPodAutoscalers, 'default', 'web');
    await pass(MINUTE);
    expect((await conditions('other')).ScalingActive).toMatchObject({ status: 'True' });
  });

  it('goes on with the metrics that speak, but never down', async () => {
    await withMetrics();
    await cluster.client.create(deployments, deployment('web', 4));
    use = 100;
    await pass(7 * MINUTE);
    const cpu = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
    };
    const custom = {
      type: 'Pods',
      pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '5' } },
    };
    await autoscale({ metrics: [custom, cpu] });
    await pass(MINUTE / 4);
    expect(await replicas()).toBe(8);
    use = 1;
    await pass(7 * MINUTE);
    expect(await replicas()).toBe(8);
    expect((await conditions()).ScalingActive).toMatchObject({ status: 'False', reason: 'FailedGetPodsMetric' });
  });
});
