import { describe, expect, it } from 'vitest';
import type { ExecStreams } from '../../../../electron/simulator/kubelet-api';
import { execIn } from '../../../../electron/simulator/node/exec';
import { container } from './support';

function streams(input: readonly string[] = []) {
  const decoder = new TextDecoder();
  const abort = new AbortController();
  const received = { stdout: '', stderr: '' };
  const value: ExecStreams = {
    stdin: (async function* () {
      for (const text of input) yield new TextEncoder().encode(text);
    })(),
    stdout: async (chunk) => {
      received.stdout += decoder.decode(chunk);
    },
    stderr: async (chunk) => {
      received.stderr += decoder.decode(chunk);
    },
    onResize: () => {},
    signal: abort.signal,
  };
  return { value, received, abort };
}

const options = (command: readonly string[], changes = {}) => ({
  container: 'main',
  command,
  stdin: false,
  stdout: true,
  stderr: true,
  tty: false,
  ...changes,
});

describe('exec', () => {
  it('keeps the streams apart and gives the exit code', async () => {
    const { value, received } = streams();
    const command = ['sh', '-c', 'echo out; echo err >&2; exit 3'];
    expect(await execIn(container().instance, options(command), value)).toBe(3);
    expect(received).toEqual({ stdout: 'out\n', stderr: 'err\n' });
  });

  it('sees the environment and the files of the container', async () => {
    const { instance } = container();
    instance.files.write('/tmp/note', 'written before\n');
    const { value, received } = streams();
    await execIn(instance, options(['sh', '-c', 'cat /tmp/note; echo $GREETING']), value);
    expect(received.stdout).toBe('written before\ngood day\n');
  });

  it('reads a script from standard input', async () => {
    const { value, received } = streams(['echo a; re', 'ad x\nhello\necho "got $x"\nexit 5\n']);
    expect(await execIn(container().instance, options(['sh'], { stdin: true }), value)).toBe(5);
    expect(received.stdout).toBe('a\ngot hello\n');
  });

  it('says in the runtime’s words that a command is not there', async () => {
    await expect(execIn(container().instance, options(['nope']), streams().value)).rejects.toThrow(
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "nope": executable file not found in $PATH',
    );
  });

  it('gives a terminal a prompt, an echo and lines that can be mended', async () => {
    const { value, received } = streams(['echp', '\x7fo hi\r', 'exit 2\r']);
    expect(await execIn(container().instance, options(['sh'], { stdin: true, tty: true }), value)).toBe(2);
    expect(received.stdout).toBe('/ # echp\b \bo hi\r\nhi\r\n/ # exit 2\r\n');
  });

  it('ends a terminal’s shell with Ctrl-D', async () => {
    const { value, received } = streams(['\x04']);
    expect(await execIn(container().instance, options(['sh'], { stdin: true, tty: true }), value)).toBe(0);
    expect(received.stdout).toBe('/ # \r\n');
  });

  it('kills the command when the caller goes', async () => {
    const { instance, clock } = container();
    const { value, abort } = streams();
    const ended = execIn(instance, options(['sleep', '1h']), value);
    await clock.advance(1000);
    abort.abort();
    expect(await ended).toBe(137);
    expect(instance.processes.size).toBe(0);
  });
});
