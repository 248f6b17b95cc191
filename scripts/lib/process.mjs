import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Says one line on standard error: standard output belongs to what a command is asked for. */
export function say(line) {
  process.stderr.write(`porthole: ${line}\n`);
}

/** A failure whose message is the whole story: printed without a stack. */
export class SetupError extends Error {}

/** Runs a script's main function; a failure ends the process with status 1, told in a line where a line says it all. */
export async function main(run) {
  endWithNpm();
  try {
    process.exitCode = (await run()) ?? 0;
  } catch (error) {
    if (error instanceof SetupError) say(error.message);
    else process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  }
}

/** A signal to npm ends npm and its shell, and not what they started: so we look whether our parent is still there. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  look.unref();
}

/**
 * Runs a program to its end and answers its exit code. Its output goes to our standard error unless `stdio` says
 * otherwise; signals that reach us are passed on to it.
 */
export function run(program, args, { env, stdio = ['inherit', 2, 2], cwd = root } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, stdio, env: { ...process.env, ...env } });
    const passOn = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    const forget = () => {
      for (const signal of signals) process.off(signal, passOn);
    };
    child.once('error', (error) => {
      forget();
      fail(error);
    });
    child.once('close', (code, signal) => {
      forget();
      done(code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1));
    });
  });
}

/** Runs a program quietly and answers its exit code and output; a program that does not exist answers null. */
export function capture(program, args, { env, timeout } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: root,
      timeout,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.once('error', (error) => (error.code === 'ENOENT' ? done(null) : fail(error)));
    child.once('close', (code) => done({ code: code ?? 1, stdout, stderr }));
  });
}

/** Runs Node on a script of an installed package, e.g. `node('vitest/vitest.mjs', ['run'])`. */
export function tool(script, args, options) {
  return run(process.execPath, [join(root, 'node_modules', script), ...args], options);
}

/** The program and first arguments that start npm: the one that started us, or the one that came with this Node. */
export function npm() {
  const folder = dirname(process.execPath);
  const script = [
    process.env.npm_execpath,
    join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    resolve(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    resolve(folder, '..', 'share', 'nodejs', 'npm', 'bin', 'npm-cli.js'),
  ].find((path) => path?.endsWith('.js') && existsSync(path));
  if (script === undefined) throw new SetupError('npm was not found: run this through npm, e.g. "npm start"');
  return [process.execPath, script];
}
