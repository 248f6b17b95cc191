import { expect, test } from '@playwright/test';
import { launchApp, type RunningApp } from '../support/electron';

let running: RunningApp;

test.beforeAll(async () => {
  running = await launchApp({ args: ['--simulator=ephemeral'] });
});
test.afterAll(() => running.close());

/** The process ids of the app's helpers of one name. */
function processes(name: string): Promise<number[]> {
  return running.app.evaluate(
    ({ app }, wanted) =>
      app
        .getAppMetrics()
        .filter((metric) => metric.serviceName === wanted || metric.name === wanted)
        .map(({ pid }) => pid),
    name,
  );
}

test('the simulated cluster and its connection run in processes of their own', async () => {
  await expect(running.page.getByText('Live', { exact: true })).toBeVisible({ timeout: 30_000 });
  expect(await processes('Simulated cluster')).toHaveLength(1);
  expect(await processes('Cluster connection')).toHaveLength(1);
});

test('a connection whose process is killed is there again by itself', async () => {
  const [pid] = await processes('Cluster connection');
  if (pid === undefined) throw new Error('there is no connection');
  process.kill(pid, 'SIGKILL');
  await expect
    .poll(async () => (await processes('Cluster connection')).filter((other) => other !== pid), { timeout: 20_000 })
    .toHaveLength(1);
  await expect(running.page.getByText('Live', { exact: true })).toBeVisible();
});

test('closing the window ends them all', async () => {
  await expect(running.page.getByText('Live', { exact: true })).toBeVisible({ timeout: 30_000 });
  const pids = [...(await processes('Simulated cluster')), ...(await processes('Cluster connection'))];
  expect(pids).toHaveLength(2);
  await running.app.close();
  await expect.poll(() => pids.filter(isRunning)).toEqual([]);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
