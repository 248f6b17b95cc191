import { describe, expect, it } from 'vitest';
import { Pace } from '../../../../electron/simulator/apiserver/pace';
import { SystemClock } from '../../../../electron/simulator/clock';
import { configMaps } from '../../../../shared/kubernetes/resources';
import { admin, testApiServer } from '../../../support/api-server';

describe('the pace of the process’s own writes', () => {
  it('lets watchers hear of a long loop’s writes before its end', async () => {
    const api = testApiServer();
    const client = api.server.client(admin);
    let heard = 0;
    client.watch(configMaps, {}, () => {
      heard++;
    });
    for (let index = 0; index < 100; index++) {
      const metadata = { name: `one-of-many-${index}`, namespace: 'default' };
      await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    }
    expect(heard).toBeGreaterThan(60);
  });

  it('keeps the order of those who wait, and lets all through', async () => {
    const clock = new SystemClock();
    const pace = new Pace(clock);
    const passed: number[] = [];
    const after: number[] = [];
    const writers = Array.from({ length: 50 }, async (_, index) => {
      await pace.enter();
      passed.push(index);
    });
    for (let turn = 0; turn < 4; turn++) {
      await clock.turn();
      after.push(passed.length);
    }
    await Promise.all(writers);
    expect(passed).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(after[0]).toBeLessThan(50);
    expect(after.at(-1)).toBe(50);
  });
});
