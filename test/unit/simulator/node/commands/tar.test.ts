import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execIn } from '../../../../../electron/simulator/node/exec';
import { bytesOf, textOf } from '../../../../../electron/simulator/node/runtime/bytes';
import type { ContainerInstance } from '../../../../../electron/simulator/node/runtime/container';
import { container } from '../support';

/** Runs a command with bytes in and bytes out. */
async function run(instance: ContainerInstance, command: string[], input: Uint8Array = new Uint8Array(), size = 1000) {
  const out: Uint8Array[] = [];
  let err = '';
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < input.length; at += size) pieces.push(input.subarray(at, at + size));
  const code = await execIn(
    instance,
    { container: 'main', command, stdin: true, stdout: true, stderr: true, tty: false },
    {
      stdin: (async function* () {
        yield* pieces;
      })(),
      stdout: async (chunk) => void out.push(chunk),
      stderr: async (chunk) => {
        err += Buffer.from(chunk).toString();
      },
      onResize: () => {},
      signal: new AbortController().signal,
    },
  );
  return { code, out: Buffer.concat(out), err };
}

describe('tar', () => {
  it('carries files with any content from one container to another', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.stringMatching(/^[a-zé]{1,60}$/), fc.uint8Array({ maxLength: 2000 }), { maxKeys: 4 }),
        fc.integer({ min: 1, max: 3000 }),
        async (contents, size) => {
          const from = container().instance;
          const long = 'deep/'.repeat(30);
          from.files.makeDirectory(`/data/${long}`, true);
          for (const [name, bytes] of Object.entries(contents)) from.files.write(`/data/${long}${name}`, textOf(bytes));
          const packed = await run(from, ['tar', 'cf', '-', '/data']);
          expect(packed).toMatchObject({ code: 0, err: "tar: Removing leading `/' from member names\n" });
          const to = container().instance;
          expect(await run(to, ['tar', '-xmf', '-', '-C', '/tmp'], packed.out, size)).toMatchObject({
            code: 0,
            err: '',
          });
          for (const [name, bytes] of Object.entries(contents)) {
            expect(bytesOf(to.files.read(`/tmp/data/${long}${name}`)).equals(bytes)).toBe(true);
          }
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });

  it('keeps modes, times and owners where it is asked to', async () => {
    const { instance } = container();
    instance.files.write('/run.sh', '#!/bin/sh\n');
    const node = instance.files.lookup('/run.sh');
    if (node !== undefined) Object.assign(node, { mode: 0o750, modified: 1_000_000_000_000, uid: 7 });
    const { out } = await run(instance, ['tar', 'czf', '-', 'run.sh']);
    const to = container().instance;
    expect((await run(to, ['tar', '-xzf', '-', '-C', '/tmp'], out)).code).toBe(0);
    expect(to.files.lookup('/tmp/run.sh')).toMatchObject({ mode: 0o750, modified: 1_000_000_000_000, uid: 7 });
    await run(to, ['tar', '--no-same-owner', '-xzmf', '-', '-C', '/home'], out);
    expect(to.files.lookup('/home/run.sh')).toMatchObject({ mode: 0o750, uid: 0 });
    expect(to.files.lookup('/home/run.sh')?.modified).not.toBe(1_000_000_000_000);
  });

  it('refuses what is no archive, what ends early, and what leads out', async () => {
    const { instance } = container();
    const noise = await run(instance, ['tar', 'xf', '-'], Buffer.alloc(2000, 'x'));
    expect(noise.code).toBe(2);
    expect(noise.err).toBe('tar: This does not look like a tar archive\ntar: Error is not recoverable: exiting now\n');
    instance.files.write('/tmp/a', 'x'.repeat(5000));
    const { out } = await run(instance, ['tar', 'cf', '-', '-C', '/tmp', 'a']);
    expect((await run(instance, ['tar', 'xf', '-'], out.subarray(0, 2000))).err).toContain('Unexpected EOF in archive');
    const { out: outside } = await run(instance, ['tar', 'cf', '-', '-C', '/tmp', '../tmp/a']);
    const result = await run(instance, ['tar', 'xf', '-', '-C', '/home'], outside);
    expect(result.code).toBe(2);
    expect(result.err).toContain("../tmp/a: Member name contains '..', skipping");
    expect((await run(instance, ['tar', 'cf', '-', 'nothing'])).err).toContain(
      'tar: nothing: Cannot stat: No such file or directory\n',
    );
  });

  it('survives any input', async () => {
    const { instance } = container();
    instance.files.write('/tmp/a', 'x'.repeat(3000));
    const { out } = await run(instance, ['tar', 'cf', '-', '-C', '/tmp', 'a']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 20 }), async (damage) => {
        const bytes = Buffer.from(out);
        for (const [at, value] of damage) bytes[at] = value;
        expect([0, 2]).toContain((await run(instance, ['tar', 'xf', '-', '-C', '/home'], bytes)).code);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('programs that pass bytes on', () => {
  it('lose none of them', async () => {
    const { instance } = container();
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7919) >> 3));
    const sum = createHash('sha256').update(bytes).digest('hex');
    const script =
      'cat > /tmp/x; cp /tmp/x /tmp/y; cat /tmp/y | tee /tmp/z > /dev/null; sha256sum /tmp/z; wc -c < /tmp/z';
    expect((await run(instance, ['sh', '-c', script], bytes)).out.toString()).toBe(`${sum}  /tmp/z\n70000\n`);
    expect((await run(instance, ['base64', '/tmp/z'])).out.toString().trim()).toBe(bytes.toString('base64'));
    expect((await run(instance, ['sh', '-c', "printf '\\xff\\x00\\303\\251'"])).out).toEqual(
      Buffer.from([0xff, 0, 0xc3, 0xa9]),
    );
    expect((await run(instance, ['tail', '-c', '+69999', '/tmp/x'])).out).toEqual(bytes.subarray(69_998));
  });
});
