import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readCommandLine } from '../../electron/options';
import { simulatorOptions } from '../../electron/simulator-options';

test('without options the simulated cluster is kept in a folder of the app', () => {
  const commandLine = readCommandLine([]);
  expect(commandLine).toEqual({ simulator: 'on', preset: 'course', port: 0 });
  expect(simulatorOptions(commandLine, '/data')).toEqual({
    simulator: { preset: 'course', folder: join('/data', 'simulator', 'course'), ephemeral: false },
  });
});

test('options are read among those of Electron and Chromium', () => {
  const args = ['.', '--no-sandbox', '--remote-debugging-port=0', '-r', 'loader.js', '--simulator=ephemeral'];
  const commandLine = readCommandLine([...args, '--user-data-dir=here', '--simulator-port', '7000', '--port=7001']);
  expect(commandLine).toEqual({
    simulator: 'ephemeral',
    preset: 'course',
    userDataDir: resolve('here'),
    simulatorPort: 7000,
    port: 7001,
  });
});

test('the simulated cluster can be elsewhere, or off', () => {
  const elsewhere = readCommandLine(['--simulator-data=there']);
  expect(simulatorOptions(elsewhere, '/data').simulator?.folder).toBe(resolve('there'));
  expect(simulatorOptions(readCommandLine(['--simulator=off']), '/data')).toEqual({});
});

test.each([
  [['--simulator=maybe'], '--simulator is "on", "off" or "ephemeral", not "maybe"'],
  [['--port=http'], '--port is a port, not "http"'],
  [['--simulator-port=70000'], '--simulator-port is a port, not "70000"'],
])('%j is refused', (args, message) => {
  expect(() => readCommandLine(args)).toThrow(message);
});
