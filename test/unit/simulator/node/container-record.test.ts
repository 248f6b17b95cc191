import { describe, expect, it } from 'vitest';
import { adopt, containerStatus, newRecord } from '../../../../electron/simulator/node/container-record';

const NOW = '2026-01-01T01:00:00Z';
const status = {
  name: 'main',
  image: 'nginx',
  imageID: 'id',
  containerID: 'containerd://1',
  ready: true,
  restartCount: 2,
};
const record = () => newRecord('main', { name: 'main', image: 'nginx' }, 'ContainerCreating');

describe('a machine that starts again', () => {
  it('takes what ran for ended, so that its policy decides', () => {
    const running = record();
    adopt(running, { ...status, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } }, NOW);
    expect(containerStatus(running)).toMatchObject({
      ready: false,
      restartCount: 2,
      state: {
        terminated: { exitCode: 255, reason: 'Unknown', startedAt: '2026-01-01T00:00:00Z', finishedAt: NOW },
      },
    });
  });

  it('leaves what had ended', () => {
    const ended = record();
    const terminated = { exitCode: 0, reason: 'Completed', finishedAt: '2026-01-01T00:00:00Z' };
    adopt(ended, { ...status, state: { terminated } }, NOW);
    expect(containerStatus(ended).state).toEqual({ terminated });
  });
});
