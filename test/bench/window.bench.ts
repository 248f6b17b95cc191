import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { launchApp, type RunningApp, simulatorKubeconfig } from '../support/electron';
import { httpsApi } from '../support/https-api';
import { startClients } from '../support/kubectl';
import { temporaryFolder } from '../support/paths';
import { elapsed, quantile, type Report, round } from './figures';
import { createPods } from './load';

const PODS = 10_000;
const APPLIES = 40;

/** From the start of the program to rows of a cluster that it had before: what a person waits for each morning. */
export async function secondStart(report: Report): Promise<void> {
  const folder = await temporaryFolder('second-start');
  const start = async () => {
    const app = await launchApp({ userData: join(folder.path, 'user-data') });
    await app.page.getByTestId('nav.nodes').click({ timeout: 60_000 });
    await app.page.getByTestId('row:nodes/worker-1').waitFor();
    return app;
  };
  await (await start()).close();
  let app: RunningApp | undefined;
  const milliseconds = await elapsed(async () => {
    app = await start();
  });
  await app?.close();
  await folder.remove();
  report('second start to live rows', Math.round(milliseconds), 'ms');
}

/** From `kubectl apply` to the row on the screen; the program's own start is in it, and told apart. */
export async function applyToPixel(report: Report): Promise<void> {
  const app = await onSimulator();
  const clients = await startClients(simulatorKubeconfig(app));
  const { page } = app;
  await page.getByTestId('nav.configmaps').click();
  await page.getByTestId('row:configmaps/default/kube-root-ca.crt').waitFor();
  const versions: number[] = [];
  const samples: number[] = [];
  for (let index = 0; index < APPLIES; index++) {
    versions.push(await elapsed(() => clients.kubectl(['version', '--client'])));
    const name = `applied-${index}`;
    const painted = page.evaluate(paintTime, `row:configmaps/default/${name}`);
    const start = Date.now();
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: '1' } };
    await clients.kubectl(['apply', '-f', '-'], { stdin: JSON.stringify(manifest) });
    samples.push((await painted) - start);
    // Else the later rows would be below the fold, where nothing is painted.
    await clients.kubectl(['delete', 'configmap', name]);
  }
  await clients.remove();
  await app.close();
  report('kubectl apply to pixel, median', quantile(samples, 0.5), 'ms');
  report('kubectl apply to pixel, p95', quantile(samples, 0.95), 'ms');
  report('kubectl start alone, median', Math.round(quantile(versions, 0.5)), 'ms');
}

/** Ten thousand pods: to the first row, to all, scrolling, filtering, and what they take. */
export async function tenThousandPods(report: Report): Promise<void> {
  const app = await onSimulator();
  const { page } = app;
  const api = httpsApi(simulatorKubeconfig(app));
  const creating = await elapsed(() => createPods(api, PODS));
  report(`create ${PODS} pods over HTTPS`, Math.round((PODS / creating) * 1000), 'pods/s');
  const memoryBefore = await memory(app);
  const painted = page.evaluate(paintTime, 'row:pods/default/');
  const start = Date.now();
  await page.getByTestId('nav.pods').click();
  report(`${PODS} pods, first row`, (await painted) - start, 'ms');
  await page.waitForFunction((least) => {
    const text = document.querySelector('[data-testid="count"]')?.textContent ?? '';
    return Number(text.replaceAll(/\D/g, '')) >= least;
  }, PODS);
  report(`${PODS} pods, all rows`, Date.now() - start, 'ms');
  for (const [gesture, speed] of [
    ['wheel', 60],
    ['flick', 1_200],
  ] as const) {
    const frames = await page.evaluate(scrollFrames, { duration: 3_000, speed });
    report(`scroll by ${gesture}, frame, median`, round(quantile(frames, 0.5)), 'ms');
    report(`scroll by ${gesture}, frame, p95`, round(quantile(frames, 0.95)), 'ms');
    report(`scroll by ${gesture}, frame, longest`, round(quantile(frames, 1)), 'ms');
    const late = frames.filter((frame) => frame > 34).length;
    report(`scroll by ${gesture}, frames over 34 ms`, round((100 * late) / frames.length), '%');
  }
  const keystroke = await page.evaluate(filterTime, 'pod-77');
  report(`filter ${PODS} pods, keystroke to paint`, round(keystroke), 'ms');
  const after = await memory(app);
  for (const [name, megabytes] of Object.entries(after)) report(`memory of ${name}`, megabytes, 'MB');
  report('memory growth by the list', total(after) - total(memoryBefore), 'MB');
  api.close();
  await app.close();
}

/** A deployment of sixty pods on the course's three workers, at cluster speed: the kubelets' own pace, not the machinery's. */
export async function createToRunning(report: Report): Promise<void> {
  const app = await onSimulator();
  const api = httpsApi(simulatorKubeconfig(app));
  const count = 60;
  const { page } = app;
  await page.getByTestId('nav.deployments').click();
  const milliseconds = await elapsed(async () => {
    await api.send('POST', '/apis/apps/v1/namespaces/default/deployments', deployment('busy', count));
    await page
      .getByTestId('row:deployments/default/busy')
      .filter({ hasText: `${count}/${count}` })
      .waitFor({ timeout: 120_000 });
  });
  report(`a deployment of ${count} pods, all ready in the window`, Math.round(milliseconds), 'ms');
  api.close();
  await app.close();
}

async function onSimulator(): Promise<RunningApp> {
  const app = await launchApp({ args: ['--simulator=ephemeral'] });
  await app.page.getByTestId('nav.nodes').click({ timeout: 60_000 });
  await app.page.getByTestId('row:nodes/worker-1').waitFor();
  return app;
}

function deployment(name: string, replicas: number): unknown {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10' }] } },
    },
  };
}

/** In the page: when an element whose test id begins so has been painted, in milliseconds since the epoch. */
function paintTime(prefix: string): Promise<number> {
  return new Promise((done, fail) => {
    const end = performance.now() + 60_000;
    const look = () => {
      // The frame after the one that drew it begins when it is on the screen.
      if (document.querySelector(`[data-testid^="${prefix}"]`) !== null) requestAnimationFrame(() => done(Date.now()));
      else if (performance.now() > end) fail(new Error(`nothing like ${prefix} was drawn within a minute`));
      else requestAnimationFrame(look);
    };
    look();
  });
}

/**
 * In the page: scrolls down the table and back, and measures each frame. A wheel that is turned steadily moves some 60
 * rows a second; 1,200 are more than anybody reads.
 * @param speed rows a second.
 */
function scrollFrames({ duration, speed }: { duration: number; speed: number }): Promise<number[]> {
  return new Promise((done) => {
    const table = document.querySelector('[data-testid="table"]');
    const height = table?.querySelector('[role="row"][data-testid]')?.clientHeight;
    if (table === null || height === undefined) throw new Error('no table');
    const frames: number[] = [];
    const start = performance.now();
    let last = start;
    const step = (now: number) => {
      frames.push(now - last);
      last = now;
      const passed = now - start;
      if (passed >= duration) return done(frames.slice(1));
      table.scrollTop = (Math.min(passed, duration - passed) / 1000) * speed * height;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

/** In the page: types into the filter and waits for the frame that shows the outcome. */
function filterTime(text: string): Promise<number> {
  return new Promise((done, fail) => {
    const field = document.querySelector<HTMLInputElement>('input[data-testid="filter"], [data-testid="filter"] input');
    if (field === null) throw new Error('no filter');
    const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    const count = () => document.querySelector('[data-testid="count"]')?.textContent;
    const before = count();
    const start = performance.now();
    setter?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const look = () => {
      if (count() !== before) requestAnimationFrame(() => done(performance.now() - start));
      else if (performance.now() - start > 60_000) fail(new Error('the filter did nothing within a minute'));
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** Megabytes of each of the app's processes, by what it does. */
async function memory({ app, page }: RunningApp): Promise<Record<string, number>> {
  await settle(page);
  const metrics = await app.evaluate(({ app: main }) => main.getAppMetrics());
  const found: Record<string, number> = {};
  for (const { type, name, memory: size } of metrics) {
    const label = name ?? type;
    found[label] = (found[label] ?? 0) + Math.round(size.workingSetSize / 1024);
  }
  return found;
}

/** Lets a collection happen before memory is read. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1_000)));
  await pause(1_000);
}

function total(memory: Record<string, number>): number {
  return Object.values(memory).reduce((sum, megabytes) => sum + megabytes, 0);
}
