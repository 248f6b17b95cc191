import { describe, expect, it } from 'vitest';
import { ContainerLog, type ReadOptions } from '../../../../electron/simulator/node/container-log';

async function read(log: ContainerLog, options: Partial<ReadOptions> = {}, signal = new AbortController().signal) {
  let text = '';
  for await (const chunk of log.read({ timestamps: false, follow: false, ...options }, signal)) text += chunk;
  return text;
}

function logAt() {
  const time = { now: Date.parse('2026-01-01T00:00:00Z') };
  return { time, log: new ContainerLog(() => time.now) };
}

describe('a container log', () => {
  it('keeps lines whole, and streams apart', async () => {
    const { log } = logAt();
    log.append('stdout', 'one\ntw');
    log.append('stderr', 'fault\n');
    log.append('stdout', 'o\nend');
    expect(await read(log)).toBe('one\nfault\ntwo\n');
    log.close();
    expect(await read(log)).toBe('one\nfault\ntwo\nend');
  });

  it('gives the tail, what came since, so many bytes, and the time', async () => {
    const { log, time } = logAt();
    log.append('stdout', 'a\nb\n');
    time.now += 5000;
    log.append('stdout', 'c\n');
    expect(await read(log, { tailLines: 2 })).toBe('b\nc\n');
    expect(await read(log, { tailLines: 0 })).toBe('');
    expect(await read(log, { since: time.now - 1000 })).toBe('c\n');
    expect(await read(log, { since: time.now + 1 })).toBe('');
    expect(await read(log, { limitBytes: 3 })).toBe('a\nb');
    expect(await read(log, { tailLines: 1, timestamps: true })).toBe('2026-01-01T00:00:05.000000000Z c\n');
  });

  it('follows to the end, or until the caller goes', async () => {
    const { log } = logAt();
    log.append('stdout', 'before\n');
    const followed = read(log, { follow: true });
    const abort = new AbortController();
    const aborted = read(log, { follow: true, tailLines: 0 }, abort.signal);
    await Promise.resolve();
    log.append('stdout', 'after\n');
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    log.append('stdout', 'late\n');
    log.close();
    expect(await followed).toBe('before\nafter\nlate\n');
    expect(await aborted).toBe('after\n');
  });

  it('forgets the oldest lines rather than grow without end', async () => {
    const { log } = logAt();
    for (let i = 0; i < 20_000; i++) log.append('stdout', `${'x'.repeat(99)}${i}\n`);
    const text = await read(log);
    expect(text.length).toBeLessThan(600_000);
    expect(text.endsWith('19999\n')).toBe(true);
    expect(await read(log, { tailLines: 1 })).toMatch(/19999\n$/);
  });
});
