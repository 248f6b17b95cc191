import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { podReadiness, podStatusText } from '../../../../shared/kubernetes/pod-status';

type Status = NonNullable<Pod['status']>;
type ContainerStatus = NonNullable<Status['containerStatuses']>[number];

function container(name: string, more: Partial<ContainerStatus>): ContainerStatus {
  return { name, image: 'i', imageID: '', ready: false, restartCount: 0, ...more };
}

function pod(status: Status, more: { init?: string[]; sidecars?: string[]; deleted?: boolean } = {}): Pod {
  const initContainers = [
    ...(more.init ?? []).map((name) => ({ name })),
    ...(more.sidecars ?? []).map((name) => ({ name, restartPolicy: 'Always' })),
  ];
  return {
    metadata: { name: 'p', ...(more.deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
    spec: { containers: [{ name: 'a' }, { name: 'b' }], initContainers },
    status,
  };
}

const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const waiting = (reason: string) => ({ waiting: { reason } });
const ended = (exitCode: number, reason?: string) => ({
  terminated: { exitCode, ...(reason === undefined ? {} : { reason }) },
});

describe('the STATUS column', () => {
  it.each<[string, Pod]>([
    ['Pending', pod({ phase: 'Pending' })],
    ['Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
    [
      'SchedulingGated',
      pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
    ],
    [
      'ContainerCreating',
      pod({ phase: 'Pending', containerStatuses: [container('a', { state: waiting('ContainerCreating') })] }),
    ],
    [
      'CrashLoopBackOff',
      pod({
        phase: 'Running',
        containerStatuses: [
          container('a', { state: waiting('CrashLoopBackOff') }),
          container('b', { state: ended(1, 'Error') }),
        ],
      }),
    ],
    ['Completed', pod({ phase: 'Succeeded', containerStatuses: [container('a', { state: ended(0, 'Completed') })] })],
    ['ExitCode:3', pod({ phase: 'Failed', containerStatuses: [container('a', { state: ended(3) })] })],
    [
      'NotReady',
      pod({
        phase: 'Running',
        containerStatuses: [
          container('a', { state: ended(0, 'Completed') }),
          container('b', { state: running, ready: true }),
        ],
      }),
    ],
    [
      'Running',
      pod({
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [
          container('a', { state: ended(0, 'Completed') }),
          container('b', { state: running, ready: true }),
        ],
      }),
    ],
    ['Terminating', pod({ phase: 'Running' }, { deleted: true })],
    ['Succeeded', pod({ phase: 'Succeeded' }, { deleted: true })],
    ['Unknown', pod({ phase: 'Running', reason: 'NodeLost' }, { deleted: true })],
    [
      'Init:0/2',
      pod(
        { phase: 'Pending', initContainerStatuses: [container('i', { state: waiting('PodInitializing') })] },
        { init: ['i', 'j'] },
      ),
    ],
    [
      'Init:1/2',
      pod(
        {
          phase: 'Pending',
          initContainerStatuses: [container('i', { state: ended(0, 'Completed') }), container('j', { state: running })],
        },
        { init: ['i', 'j'] },
      ),
    ],
    [
      'Init:Error',
      pod({ phase: 'Pending', initContainerStatuses: [container('i', { state: ended(1, 'Error') })] }, { init: ['i'] }),
    ],
    [
      'Init:CrashLoopBackOff',
      pod(
        { phase: 'Pending', initContainerStatuses: [container('i', { state: waiting('CrashLoopBackOff') })] },
        { init: ['i'] },
      ),
    ],
    [
      'PodInitializing',
      pod(
        {
          phase: 'Pending',
          initContainerStatuses: [container('i', { state: ended(0, 'Completed') })],
          containerStatuses: [container('a', { state: waiting('PodInitializing') })],
        },
        { init: ['i'] },
      ),
    ],
  ])('%s', (text, given) => {
    expect(podStatusText(given)).toBe(text);
  });
});

describe('READY and RESTARTS', () => {
  it('counts sidecars and remembers the last restart', () => {
    const lastState = { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:01:00Z' } };
    const given = pod(
      {
        phase: 'Running',
        initContainerStatuses: [container('s', { state: running, started: true, ready: true, restartCount: 1 })],
        containerStatuses: [
          container('a', { state: running, ready: true, restartCount: 2, lastState }),
          container('b', { state: waiting('CrashLoopBackOff'), restartCount: 1 }),
        ],
      },
      { sidecars: ['s'] },
    );
    expect(podReadiness(given)).toEqual({
      ready: 2,
      total: 3,
      restarts: 4,
      lastRestart: Date.parse('2026-01-01T00:01:00Z'),
    });
  });

  it('shows the init containers’ restarts while they run', () => {
    const given = pod(
      { phase: 'Pending', initContainerStatuses: [container('i', { state: running, restartCount: 5 })] },
      { init: ['i'] },
    );
    expect(podReadiness(given)).toEqual({ ready: 0, total: 2, restarts: 5 });
  });
});
