import { Exit, type Program } from '../runtime/process';
import { Shell } from '../shell/interpreter';
import { parseScript } from '../shell/parser';
import { ShellSyntaxError } from '../shell/syntax';

/** `sh`, `ash`, `bash`: a script from `-c`, from a file, from standard input, or a person's lines. */
export const sh: Program = async (process) => {
  const args = [...process.arguments];
  const name = (process.argv[0] ?? 'sh').split('/').pop() ?? 'sh';
  const options: string[] = [];
  let inline = false;
  let interactive = process.tty;
  for (let flag = args[0]; flag !== undefined && /^[-+]./.test(flag); flag = args[0]) {
    args.shift();
    if (flag === '--') break;
    for (const letter of flag.slice(1)) {
      if (letter === 'c') inline = true;
      else if (letter === 'i') interactive = true;
      else if (letter === 'o') options.push(args.shift() ?? '');
      else options.push(letter);
    }
  }
  let script: string | undefined;
  let shellName = name;
  if (inline) {
    script = args.shift();
    if (script === undefined) return process.fail("option requires an argument -- 'c'", 2);
    shellName = args.shift() ?? name;
  } else if (args[0] !== undefined) {
    shellName = args.shift() ?? name;
    const node = process.container.files.lookup(process.path(shellName));
    if (node?.type !== 'file') {
      await process.stderr.write(`${name}: can't open '${shellName}': No such file or directory\n`);
      return 2;
    }
    script = node.content;
  }
  const shell = new Shell(process, shellName, args);
  for (const option of options) shell.options.add(option);
  if (script !== undefined) return shell.runScript(script);
  return readCommands(shell, interactive);
};

/** Reads and runs one command after another. */
async function readCommands(shell: Shell, interactive: boolean): Promise<number> {
  const { process } = shell;
  let pending = '';
  for (;;) {
    if (interactive) await process.print(pending === '' ? prompt(shell) : '> ');
    const line = await process.wait(process.stdin.readLine());
    if (line === undefined) {
      if (interactive) await process.print('\n');
      return shell.status;
    }
    pending += `${line}\n`;
    try {
      const list = parseScript(pending);
      pending = '';
      await shell.list(list, shell.streams);
    } catch (error) {
      if (error instanceof Exit) return error.code;
      if (!(error instanceof ShellSyntaxError)) throw error;
      if (error.incomplete) continue;
      pending = '';
      await shell.complain(error.message, shell.streams);
      shell.status = 2;
    }
  }
}

function prompt(shell: Shell): string {
  return `${shell.cwd} ${shell.process.container.config.uid === 0 ? '#' : '$'} `;
}
