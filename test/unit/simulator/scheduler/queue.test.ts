import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../../electron/simulator/clock';
import { defaultPlugins } from '../../../../electron/simulator/scheduler/plugins';
import { SchedulingQueue } from '../../../../electron/simulator/scheduler/queue';
import { noVolumes, pod } from './support';

function queue() {
  const clock = new VirtualClock();
  return { clock, queue: new SchedulingQueue(clock, defaultPlugins(noVolumes), () => {}) };
}

describe('the scheduling queue', () => {
  it('goes by priority, then by age', async () => {
    const { clock, queue: waiting } = queue();
    const pods = [pod({ priority: 0 }), pod({ priority: 10 }), pod({ priority: 0 }), pod({ priority: 10 })];
    for (const each of pods) {
      waiting.add(each);
      await clock.advance(1);
    }
    const order = [1, 3, 0, 2].map((index) => pods[index]?.metadata.name);
    expect(pods.map(() => waiting.pop()?.pod.metadata.name)).toEqual(order);
    expect(waiting.pop()).toBeUndefined();
  });

  it('brings a pod back only for what may help it, and after its back-off: 1 s doubling to 10 s', async () => {
    const { clock, queue: waiting } = queue();
    waiting.add(pod());
    let queued = waiting.pop();
    for (const delay of [1000, 2000, 4000, 8000, 10_000, 10_000]) {
      if (queued === undefined) throw new Error('nothing to try');
      waiting.addUnschedulable(queued, new Set(['NodeResourcesFit']), waiting.events);
      waiting.move('volume');
      await clock.advance(20_000 % delay);
      waiting.move('pod-removed');
      await clock.advance(delay - (20_000 % delay) - 1);
      expect(waiting.pop()).toBeUndefined();
      await clock.advance(1);
      queued = waiting.pop();
      expect(queued, `after ${delay} ms`).toBeDefined();
    }
    if (queued === undefined) return;
    waiting.addUnschedulable(queued, new Set(['NodeResourcesFit']), waiting.events);
    waiting.move('volume');
    await clock.advance(60_000);
    expect(waiting.pop()).toBeUndefined();
  });

  it('does not let an event during the attempt be lost', async () => {
    const { clock, queue: waiting } = queue();
    waiting.add(pod());
    const queued = waiting.pop();
    const before = waiting.events;
    waiting.move('node');
    if (queued !== undefined) waiting.addUnschedulable(queued, new Set(['NodeAffinity']), before);
    await clock.advance(1000);
    expect(waiting.pop()).toBe(queued);
  });

  it('tries again after five minutes whatever happens', async () => {
    const { clock, queue: waiting } = queue();
    waiting.add(pod());
    const queued = waiting.pop();
    if (queued !== undefined) waiting.addUnschedulable(queued, new Set(['NodeAffinity']), waiting.events);
    await clock.advance(299_000);
    expect(waiting.pop()).toBeUndefined();
    await clock.advance(40_000);
    expect(waiting.pop()).toBe(queued);
  });
});
