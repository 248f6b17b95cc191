import { describe, expect, it } from 'vitest';
import { container, unexpected } from './support';

async function run(script: string, time = 60_000, changes = {}): Promise<{ code: number | undefined; output: string }> {
  const { instance, clock, output } = container({
    command: ['sh', '-c', script, 'name', 'first', 'second arg'],
    ...changes,
  });
  let code: number | undefined;
  instance.start((ended) => {
    code = ended;
  }, unexpected);
  await clock.advance(time);
  return { code, output: output() };
}

/** Outcomes as busybox's ash gives them. */
describe('sh -c', () => {
  it.each<[string, string, number]>([
    ['echo one; echo two', 'one\ntwo\n', 0],
    ['echo one\necho two # not this', 'one\ntwo\n', 0],
    ['true && echo yes || echo no', 'yes\n', 0],
    ['false && echo yes || echo no', 'no\n', 0],
    ['exit 7', '', 7],
    ['false', '', 1],
    ['! false', '', 0],
    ['nosuch', 'sh: nosuch: not found\n', 127],
    ['nosuch 2>/dev/null; echo $?', '127\n', 0],
    ['echo "$GREETING" \'$GREETING\' $UNSET.', 'good day $GREETING .\n', 0],
    ['x="a  b"; echo $x; echo "$x"', 'a b\na  b\n', 0],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
    ['echo ${UNSET:-fallback} ${GREETING:+set} ${#GREETING}', 'fallback set 8\n', 0],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
    ['f=/a/b.tar.gz; echo ${f##*/} ${f%.*} ${f%%.*} ${f#/}', 'b.tar.gz /a/b.tar /a/b a/b.tar.gz\n', 0],
    ['echo $(echo inner; echo more) `echo old`', 'inner more old\n', 0],
    ['i=2; echo $((i * 3 + 10 / 4)) $((i > 1 ? 5 : 6)) $((1 << 4))', '8 5 16\n', 0],
    ['i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done', '0\n1\n2\n', 0],
    ['for x in a "b c" d; do [ "$x" = d ] && break; echo $x; done', 'a\nb c\n', 0],
    ['for x; do echo "<$x>"; done; echo $# $0', '<first>\n<second arg>\n2 name\n', 0],
    ['until false; do echo once; break; done', 'once\n', 0],
    ['if false; then echo a; elif true; then echo b; else echo c; fi', 'b\n', 0],
    ['case abc in x) echo 1;; a*|z) echo 2;; *) echo 3;; esac', '2\n', 0],
    ['f() { echo "in $1"; return 4; }; f x; echo $?', 'in x\n4\n', 0],
    ['(x=1; exit 3); echo $? $x.', '3 .\n', 0],
    ['{ echo a; echo b; } | wc -l', '2\n', 0],
    ['printf "%s-%03d\\n" a 7 b 8', 'a-007\nb-008\n', 0],
    ['echo hi > /tmp/f; echo more >> /tmp/f; cat < /tmp/f; cat /tmp/f | grep more', 'hi\nmore\nmore\n', 0],
    ["cat <<EOF\n$GREETING\nEOF\ncat <<'EOF'\n$GREETING\nEOF", 'good day\n$GREETING\n', 0],
    ['echo err >&2; ls /nope 2>&1 | tr a-z A-Z', 'err\nLS: /NOPE: NO SUCH FILE OR DIRECTORY\n', 0],
    ['cat /nope', "cat: can't open '/nope': No such file or directory\n", 1],
    ['echo x > /no/dir', "name: can't create /no/dir: nonexistent directory\n", 1],
    ['set -e; echo a; false; echo b', 'a\n', 1],
    ['set -e; if false; then :; fi; false || echo kept', 'kept\n', 0],
    ['cd /etc && pwd; cd /nope; echo $?', "/etc\nname: cd: can't cd to /nope: No such file or directory\n2\n", 0],
    ['mkdir -p /d/e; touch /d/b /d/a; ls /d; rm -r /d; ls /d', 'a\nb\ne\nls: /d: No such file or directory\n', 1],
    ['touch /tmp/1.txt /tmp/2.txt; echo /tmp/*.txt /tmp/*.no', '/tmp/1.txt /tmp/2.txt /tmp/*.no\n', 0],
    ['seq 3 | while read n; do echo "n=$n"; done', 'n=1\nn=2\nn=3\n', 0],
    ['export A=1; env | grep ^A=; B=2 env | grep ^B=', 'A=1\nB=2\n', 0],
    ['hostname; id -u; whoami', 'box\n0\nroot\n', 0],
    ['exec echo replaced; echo never', 'replaced\n', 0],
    ['eval "exit 5"; echo never', '', 5],
    ['trap "echo bye" EXIT; exit 2', 'bye\n', 2],
    ['yes | head -2', 'y\ny\n', 0],
    ["echo a,b,c | cut -d, -f2; echo hello | sed 's/l/L/g'; echo b; echo a | sort", 'b\nheLLo\nb\na\n', 0],
    ['if', 'name: syntax error: unexpected end of file\n', 2],
    ['echo )', 'name: syntax error: unexpected ")"\n', 2],
  ])('%s', async (script, output, code) => {
    const result = await run(script);
    expect({ ...result, output: result.output.replace(/^name: nosuch/gm, 'sh: nosuch') }).toEqual({ code, output });
  });

  it('writes on the cluster clock', async () => {
    const script = 'while true; do date +%S; sleep 10; done';
    expect((await run(script, 25_000)).output).toBe('00\n10\n20\n');
  });

  it('does not keep the host busy with a loop that never rests', async () => {
    const { output, code } = await run('while true; do echo x; done', 1000);
    expect(code).toBeUndefined();
    expect(output.length).toBeGreaterThan(100);
    expect(output.length).toBeLessThan(20_000);
  });

  it('refuses to write where it must not', async () => {
    const { output, code } = await run('echo x > /file', 1000, { readOnlyRoot: true });
    expect(output).toBe("name: can't create /file: Read-only file system\n");
    expect(code).toBe(1);
  });
});

describe('signals to the first process', () => {
  async function signalled(script: string, after: number) {
    const { instance, clock, output } = container({ command: ['sh', '-c', script] });
    const ended: { code?: number; time?: number } = {};
    instance.start((code) => {
      ended.code = code;
      ended.time = clock.now();
    }, unexpected);
    await clock.advance(1000);
    const sent = clock.now();
    instance.signal('SIGTERM');
    await clock.advance(after);
    return { ...ended, took: (ended.time ?? 0) - sent, output: output(), instance, clock };
  }

  it('are ignored without a trap, except SIGKILL', async () => {
    const { code, instance, clock } = await signalled('sleep 1h', 60_000);
    expect(code).toBeUndefined();
    expect([...instance.processes.values()].map(({ argv }) => argv.join(' '))).toContain('sleep 1h');
    instance.signal('SIGKILL');
    await clock.settle();
    expect(instance.processes.size).toBe(0);
  });

  it('run the trap when the command at hand has ended', async () => {
    const { code, took, output } = await signalled('trap "echo bye; exit 4" TERM; sleep 5; echo not reached', 60_000);
    expect(code).toBe(4);
    expect(took).toBe(4000);
    expect(output).toBe('bye\n');
  });

  it('end a wait at once', async () => {
    const { code, took } = await signalled('trap "exit 0" TERM; sleep infinity & wait', 5000);
    expect(code).toBe(0);
    expect(took).toBeLessThanOrEqual(100);
  });
});
