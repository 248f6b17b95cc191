import { describe, expect, it } from 'vitest';
import {
  type Situation,
  usageReplicas,
  utilizationReplicas,
} from '../../../../../electron/simulator/controllers/horizontal-pod-autoscaler/replica-calculator';
import { ScalingHistory } from '../../../../../electron/simulator/controllers/horizontal-pod-autoscaler/scaling-history';
import {
  type Behavior,
  limited,
  limitedBy,
} from '../../../../../electron/simulator/controllers/horizontal-pod-autoscaler/scaling-limits';
import type { Pod } from '../../../../../shared/kubernetes/objects';

/**
 * The arithmetic of https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ : its algorithm, its damping of
 * what is not known, its scaling policies and stabilization windows, with the examples of that page.
 */

const NOW = Date.parse('2026-01-01T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

interface Each {
  /** Thousandths of a CPU; absent: no metrics. */
  readonly uses?: number;
  readonly phase?: string;
  readonly ready?: boolean;
  /** Minutes since it was started, and since it became what it is. */
  readonly started?: number;
  readonly changed?: number;
  readonly going?: boolean;
  readonly request?: string;
}

function situation(pods: readonly Each[], changes: Partial<Situation> = {}): Situation {
  const named = pods.map((each, index) => ({ name: `web-${index}`, ...each }));
  return {
    currentReplicas: pods.length,
    tolerances: { down: 0.1, up: 0.1 },
    resource: 'cpu',
    now: NOW,
    pods: named.map(podOf),
    metrics: new Map(
      named.flatMap(({ name, uses }) =>
        uses === undefined ? [] : [[name, { timestamp: NOW - 10_000, window: 15_000, value: uses }] as const],
      ),
    ),
    ...changes,
  };
}

function podOf({
  name,
  phase = 'Running',
  ready = true,
  started = 60,
  changed = started,
  going,
  request = '100m',
}: Each & { name: string }): Pod {
  return {
    metadata: { name, ...(going === true ? { deletionTimestamp: minutesAgo(0) } : {}) },
    spec: { containers: [{ name: 'web', ...(request === '' ? {} : { resources: { requests: { cpu: request } } }) }] },
    status: {
      phase,
      startTime: minutesAgo(started),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: minutesAgo(changed) }],
    },
  };
}

const many = (count: number, each: Each): Each[] => Array.from({ length: count }, () => each);

describe('replicas by utilization', () => {
  it.each<[string, Each[], number, number]>([
    ['twice the target doubles them', many(2, { uses: 200 }), 100, 4],
    ['half the target halves them', many(4, { uses: 50 }), 100, 2],
    ['they are rounded up', many(3, { uses: 50 }), 100, 2],
    ['a tenth more changes nothing', many(10, { uses: 110 }), 100, 10],
    ['a tenth less changes nothing', many(10, { uses: 90 }), 100, 10],
    ['more than a tenth does', many(10, { uses: 111 }), 100, 12],
    [
      'all requests count together',
      [
        { uses: 100, request: '100m' },
        { uses: 20, request: '300m' },
      ],
      30,
      2,
    ],
  ])('%s', (_, pods, target, replicas) => {
    expect(utilizationReplicas(situation(pods), target, '')).toMatchObject({ replicas });
  });

  it.each<[string, Each[], number]>([
    [
      'a pod that is not ready yet uses nothing when there are to be more',
      [...many(2, { uses: 300 }), { uses: 900, ready: false, started: 1 }],
      6,
    ],
    ['and may keep them from being more', [...many(2, { uses: 115 }), { uses: 900, ready: false, started: 1 }], 3],
    [
      'one that has just become ready has no whole window yet',
      [...many(2, { uses: 300 }), { uses: 900, started: 1, changed: 0.1 }],
      6,
    ],
    ['one that was ready and is not counts', [...many(2, { uses: 300 }), { uses: 300, ready: false, changed: 10 }], 9],
    [
      'one that never was ready does not',
      [...many(2, { uses: 50 }), { uses: 900, ready: false, started: 60, changed: 60 }],
      1,
    ],
    ['a pod without metrics uses all of its request when there are to be fewer', [...many(3, { uses: 10 }), {}], 2],
    ['and nothing when there are to be more', [...many(3, { uses: 200 }), {}], 6],
    ['and never turns the direction', [...many(3, { uses: 120 }), {}], 4],
    [
      'pods that go, or have failed, are not there',
      [...many(2, { uses: 200 }), { uses: 900, going: true }, { uses: 900, phase: 'Failed' }],
      4,
    ],
    ['pending ones are not ready', [...many(2, { uses: 300 }), { phase: 'Pending' }], 6],
  ])('%s', (_, pods, replicas) => {
    expect(utilizationReplicas(situation(pods), 100, '')).toMatchObject({ replicas });
  });

  it('tells the utilization and the usage that it found', () => {
    const found = utilizationReplicas(situation([{ uses: 33 }, { uses: 34 }]), 50, '');
    expect(found).toEqual({ replicas: 2, utilization: 33, usage: 33 });
  });

  it.each<[string, Situation, string, string]>([
    ['no pods', situation([]), '', 'no pods returned by selector while calculating replica count'],
    [
      'none with metrics',
      situation(many(2, {})),
      '',
      'did not receive metrics for targeted pods (pods might be unready)',
    ],
    ['no request', situation([{ uses: 1, request: '' }]), '', 'missing request for cpu in container web of Pod web-0'],
    ['no such container', situation([{ uses: 1 }]), 'db', 'container db not found in Pod web-0'],
  ])('says what is missing: %s', (_, of, container, message) => {
    expect(() => utilizationReplicas(of, 50, container)).toThrow(message);
  });
});

it('goes by usage where the target is a value', () => {
  expect(usageReplicas(situation(many(2, { uses: 200 })), 100)).toEqual({ replicas: 4, usage: 200 });
  expect(usageReplicas(situation([...many(3, { uses: 10 }), {}]), 100)).toMatchObject({ replicas: 2 });
  const memory = situation([...many(2, { uses: 300 }), { uses: 300, ready: false, started: 1 }], {
    resource: 'memory',
  });
  expect(usageReplicas(memory, 100)).toMatchObject({ replicas: 9 });
});

describe('without a behavior', () => {
  it.each([
    [{ min: 1, max: 10, current: 1 }, 8, 4, 'ScaleUpLimit'],
    [{ min: 1, max: 10, current: 3 }, 8, 6, 'ScaleUpLimit'],
    [{ min: 1, max: 10, current: 8 }, 20, 10, 'TooManyReplicas'],
    [{ min: 2, max: 10, current: 8 }, 1, 2, 'TooFewReplicas'],
    [{ min: 2, max: 10, current: 8 }, 3, 3, 'DesiredWithinRange'],
  ])('within %o, %i becomes %i: %s', (bounds, desired, replicas, reason) => {
    expect(limited(bounds, desired)).toMatchObject({ replicas, reason });
  });

  it('goes down to the most that was recommended in five minutes', () => {
    const history = new ScalingHistory();
    history.begin(10, NOW);
    expect(history.stabilize(4, NOW + 60_000).replicas).toBe(10);
    expect(history.stabilize(6, NOW + 299_000).replicas).toBe(10);
    expect(history.stabilize(3, NOW + 301_000).replicas).toBe(6);
    expect(history.stabilize(3, NOW + 600_000).replicas).toBe(3);
    expect(history.stabilize(12, NOW + 600_000).replicas).toBe(12);
  });
});

describe('with a behavior', () => {
  const pods = (value: number, periodSeconds = 60) => ({ type: 'Pods', value, periodSeconds });
  const percent = (value: number, periodSeconds = 60) => ({ type: 'Percent', value, periodSeconds });
  const up = (policies: object[], rest: object = {}) =>
    ({ scaleUp: { policies, selectPolicy: 'Max', ...rest } }) as Behavior;
  const down = (policies: object[], rest: object = {}) =>
    ({ scaleDown: { policies, selectPolicy: 'Max', ...rest } }) as Behavior;

  // The first two are the page's: "4 Pods or 10 percent a minute", with 80 and with 30 replicas to begin with.
  it.each<[string, Behavior, number, number, number]>([
    ['10 percent of 80 are more than 4', down([pods(4), percent(10)]), 80, 10, 72],
    ['4 are more than 10 percent of 30', down([pods(4), percent(10)]), 30, 10, 26],
    ['the smaller change', down([pods(4), percent(10)], { selectPolicy: 'Min' }), 80, 10, 76],
    ['none at all', down([pods(4)], { selectPolicy: 'Disabled' }), 80, 10, 80],
    ['900 percent of 1', up([percent(900, 15)]), 1, 100, 10],
    ['a percentage is rounded up', up([percent(10)]), 3, 100, 4],
    ['the larger of two', up([pods(4, 15), percent(100, 15)]), 1, 100, 5],
    ['none up', up([pods(4)], { selectPolicy: 'Disabled' }), 3, 100, 3],
  ])('allows %s', (_, behavior, current, desired, replicas) => {
    const found = limitedBy(behavior, { min: 1, max: 100, current }, desired, new ScalingHistory(), NOW);
    expect(found.replicas).toBe(replicas);
  });

  it('counts what has been done in the period', () => {
    const behavior = up([pods(4, 60)]);
    const history = new ScalingHistory();
    history.scaled(behavior, 1, 4, NOW);
    const bounds = { min: 1, max: 100, current: 4 };
    expect(limitedBy(behavior, bounds, 50, history, NOW + 30_000)).toMatchObject({
      replicas: 5,
      reason: 'ScaleUpLimit',
    });
    expect(limitedBy(behavior, bounds, 50, history, NOW + 61_000).replicas).toBe(8);
  });

  it('hears the lowest of late on the way up, the highest on the way down', () => {
    const behavior: Behavior = {
      scaleUp: { stabilizationWindowSeconds: 60 },
      scaleDown: { stabilizationWindowSeconds: 120 },
    };
    const history = new ScalingHistory();
    history.begin(5, NOW);
    expect(history.stabilizeWith(behavior, 5, 8, NOW + 30_000)).toMatchObject({
      replicas: 5,
      reason: 'ScaleUpStabilized',
    });
    expect(history.stabilizeWith(behavior, 5, 9, NOW + 80_000)).toMatchObject({ replicas: 8 });
    expect(history.stabilizeWith(behavior, 9, 2, NOW + 100_000)).toMatchObject({
      replicas: 9,
      reason: 'ScaleDownStabilized',
    });
    expect(history.stabilizeWith(behavior, 9, 2, NOW + 230_000)).toMatchObject({ replicas: 2 });
  });
});
