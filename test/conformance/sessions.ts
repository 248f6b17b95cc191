import { execFile } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clients, startClients } from '../support/kubectl';
import { temporaryFolder } from '../support/paths';
import { folder } from './steps';

/** A command of a session, and what it printed (with its status, unless that is 0). */
export interface Exchange {
  readonly command: string;
  readonly printed: string;
}

/** The text of a session: what stands before its first command, and its commands in order. */
export interface Session {
  readonly about: string;
  readonly exchanges: readonly Exchange[];
}

/** @param text lines of output, each command's after a line `$ COMMAND`. */
export function readSession(text: string): Session {
  const [about = '', ...parts] = text.split(/^\$ /m);
  const exchanges = parts.map((part) => {
    const end = part.indexOf('\n');
    return { command: part.slice(0, end), printed: part.slice(end + 1) };
  });
  return { about, exchanges };
}

/** The reverse of `readSession`. */
export function sessionText({ about, exchanges }: Session): string {
  return about + exchanges.map(({ command, printed }) => `$ ${command}\n${printed}`).join('');
}

/**
 * Types the commands of a session, one after the other, in a namespace and a folder of its own.
 * @param kubeconfig a cluster where its person may do everything.
 */
export async function playSession(kubeconfig: string, { exchanges }: Session): Promise<Exchange[]> {
  const clients = await startClients(kubeconfig);
  const work = await temporaryFolder('session');
  const namespace = `walk-${work.path.slice(-6).toLowerCase()}`;
  try {
    await cp(join(folder, 'kubectl', 'manifests'), work.path, { recursive: true });
    await prepare(clients, namespace, join(work.path, 'kubeconfig'));
    const env = { ...clients.env, NS: namespace, KUBECONFIG: join(work.path, 'kubeconfig') };
    const answers: Exchange[] = [];
    for (const { command } of exchanges) {
      const printed = await type(command, work.path, env);
      answers.push({ command, printed: withoutChance(printed, namespace) });
    }
    await clients.succeed(['delete', 'namespace', namespace, '--wait=false']);
    return answers;
  } finally {
    await work.remove();
    await clients.remove();
  }
}

/** A namespace as one finds it where controllers run, and a kubeconfig whose commands go there. */
async function prepare(clients: Clients, namespace: string, kubeconfig: string): Promise<void> {
  await clients.succeed(['create', 'namespace', namespace]);
  await clients.succeed(['create', 'serviceaccount', 'default', '--namespace', namespace]);
  await writeFile(kubeconfig, await clients.succeed(['config', 'view', '--raw', '--flatten']), { mode: 0o600 });
  await clients.succeed(['config', 'set-context', '--current', '--namespace', namespace, '--kubeconfig', kubeconfig]);
}

function type(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('sh', ['-c', `exec 2>&1; ${command}`], { cwd, env, timeout: 30_000 }, (error, stdout) => {
      if (error !== null && typeof error.code !== 'number') return reject(error);
      const text = stdout === '' || stdout.endsWith('\n') ? stdout : `${stdout}\n`;
      resolve(error === null ? text : `${text}[exit ${error.code}]\n`);
    });
    child.stdin?.end();
  });
}

/** What no two clusters have in common, by its name. How wide the columns of a table are follows from it. */
const CHANCE: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID'],
  [/(resourceVersion"?: )"\d+"/g, '$1VERSION'],
  [/(Resource Version: +)\d+/g, '$1VERSION'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]+ \+0000/g, 'TIME'],
  [/\d{4}-\d\d-\d\d [\d:]+ \+0000 UTC/g, 'TIME'],
  [/\b(\d+[ydhm])?\d+[ydhms]\b/g, 'AGE'],
  [/\b(\d+\.){3}\d+(:\d+)?\b/g, 'ADDRESS'],
  [/(nodePort: |NodePort: .* |\b80:|\b53:)3[0-2]\d{3}\b/g, '$1PORT'],
  [/kube-api-access-\w{5}/g, 'kube-api-access-RANDOM'],
  [/applyset-[\w-]{43}-v1/g, 'applyset-ID'],
  [/v1\.35\.\d+/g, 'v1.35.N'],
  [/(?<=\S)[ \t]+/g, ' '],
  [/[ \t]+$/gm, ''],
];

function withoutChance(text: string, namespace: string): string {
  const named = text.replaceAll(namespace, 'NAMESPACE');
  return CHANCE.reduce((rest, [pattern, name]) => rest.replace(pattern, name), named);
}
