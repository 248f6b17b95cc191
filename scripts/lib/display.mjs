import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { capture, SetupError, say } from './process.mjs';

/** Whether a window can be opened here. A DISPLAY whose local X server is gone counts as none. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  if (process.env.WAYLAND_DISPLAY) return true;
  const display = process.env.DISPLAY;
  if (!display) return false;
  const local = /^(?:unix)?:(\d+)/.exec(display);
  return local === null || existsSync(`/tmp/.X11-unix/X${local[1]}`);
}

/** Arguments that Electron needs on this machine, before the app's path. */
export async function electronArguments() {
  if (process.platform !== 'linux') return [];
  const wayland = process.env.WAYLAND_DISPLAY && !process.env.DISPLAY ? ['--ozone-platform=wayland'] : [];
  return [...(await sandboxArguments()), ...wayland];
}

/** Chromium's sandbox refuses to run as root, and needs user namespaces, which some systems and containers deny. */
async function sandboxArguments() {
  if (process.getuid() === 0) return ['--no-sandbox'];
  const namespaces = await capture('unshare', ['--user', 'true']);
  if (namespaces === null || namespaces.code === 0) return [];
  say("this system denies user namespaces: Chromium's sandbox is off");
  return ['--no-sandbox'];
}

/**
 * A virtual display of our own, on a number that is free: `{ env, stop }`.
 * @returns `env` to start programs with; `stop` ends the server
 */
export async function startVirtualDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  server.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const number = await new Promise((done, fail) => {
    let written = '';
    server.stdio[3].setEncoding('utf8').on('data', (text) => {
      written += text;
      if (written.endsWith('\n')) done(written.trim());
    });
    server.once('error', fail);
    server.once('exit', (code) => fail(new SetupError(`Xvfb ended with status ${code}: ${errors.trim()}`)));
  });
  server.unref();
  const stop = () => server.kill();
  process.once('exit', stop);
  return { env: { DISPLAY: `:${number}` }, stop };
}
