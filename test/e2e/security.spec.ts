import { expect, test } from '@playwright/test';
import { launchApp, type RunningApp } from '../support/electron';

let running: RunningApp;

test.beforeAll(async () => {
  running = await launchApp({ args: ['--simulator=off'] });
  await running.page.waitForLoadState();
});
test.afterAll(() => running.close());

test('the page is sandboxed and isolated, and has no Node in it', async () => {
  const preferences = await running.app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0] ?? {};
    return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  });
  const types = await running.page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].map(
      (name) => typeof Reflect.get(window, name),
    ),
  );
  expect(new Set(types)).toEqual(new Set(['undefined']));
});

test('it is served by the app alone, under a strict policy', async () => {
  expect(running.page.url()).toMatch(/^porthole-app:\/\/app\//);
  const policy = await running.page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'));
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain('unsafe-eval');
  const outside = await running.page.evaluate(async () => (await fetch('/..%2f..%2fpackage.json')).status);
  expect(outside).toBe(404);
});

test('text in the page never becomes code', async () => {
  const ran = await running.page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    document.body.append(script);
    const image = document.createElement('img');
    image.setAttribute('onerror', 'window.handlerRan = true');
    image.src = 'data:image/png;base64,AAAA';
    document.body.append(image);
    // Not awaited as code by the debugger, which may do what the page may not.
    window.setTimeout('window.evalRan = true');
    await new Promise((resolve) => window.setTimeout(resolve, 200));
    script.remove();
    image.remove();
    return ['inlineRan', 'handlerRan', 'evalRan'].map((name) => Reflect.get(window, name));
  });
  expect(ran).toEqual([undefined, undefined, undefined]);
});

test('it reaches nobody but the app', async () => {
  const reached = await running.page.evaluate(() =>
    fetch('http://127.0.0.1:1/').then(
      () => 'reached',
      (error: Error) => error.message,
    ),
  );
  expect(reached).toContain('Failed to fetch');
});

test('it cannot go elsewhere, open windows, or be granted anything', async () => {
  const { page, app } = running;
  const url = page.url();
  const opened = await page.evaluate(() => window.open('https://example.com/') === null);
  expect(opened).toBe(true);
  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.evaluate(() => {
    location.href = 'file:///etc/hostname';
  });
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  expect(page.url()).toBe(url);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});
