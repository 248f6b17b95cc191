import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { type Answer, normalized } from './normalize';
import type { Step } from './steps';
import { startWebhook } from './webhook';

/** A server to play against. */
export interface Target {
  readonly url: string;
  /** Headers that make a request come from a user: `admin`, `alice`. */
  identity(user: string): Readonly<Record<string, string>>;
  /** The administrator's client certificate and whom to trust, where the server wants these. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** Headers that clients act upon. */
const COMPARED = ['content-type', 'warning', 'allow', 'retry-after', 'location'];

/** Sends a file's steps one after another, in a namespace of their own, and gives each step's answer. */
export async function play(target: Target, file: string, steps: readonly Step[]): Promise<Map<string, Answer>> {
  const namespace = `cf-${file.slice(0, 30).toLowerCase()}-${randomBytes(3).toString('hex')}`;
  // Only few files have a webhook asked.
  const webhook = JSON.stringify(steps).includes('$webhook') ? await startWebhook() : undefined;
  const { host = '', plainHost = '', caBundle = '' } = webhook ?? {};
  const variables = new Map([
    ['ns', namespace],
    ['webhook', host],
    ['plainwebhook', plainHost],
    ['ca', caBundle],
  ]);
  const shown = new Map([...variables].filter(([, text]) => text !== '').map(([name, text]) => [text, `$${name}`]));
  const agents = {
    admin: new Agent({ keepAlive: true, rejectUnauthorized: false, ...target.tls }),
    others: new Agent({ keepAlive: true, rejectUnauthorized: false }),
  };
  const send = (step: Omit<Step, 'name'>) => exchange(target, agents, step, variables);
  try {
    for (const [path, kind, name] of [
      ['namespaces', 'Namespace', namespace],
      [`namespaces/${namespace}/serviceaccounts`, 'ServiceAccount', 'default'],
    ]) {
      const made = await send({ do: `POST /api/v1/${path}`, body: { apiVersion: 'v1', kind, metadata: { name } } });
      if (made.code !== 201) throw new Error(`${kind} of ${file} was not created: ${JSON.stringify(made.body)}`);
    }
    const answers = new Map<string, Answer>();
    for (const step of steps) {
      const answer = await sendUntil(send, step);
      for (const [name, path] of Object.entries(step.keep ?? {}))
        variables.set(name, String(member(answer.body, path)));
      answers.set(step.name, normalized(answer, shown, step.ignore ?? []));
    }
    return answers;
  } finally {
    await send({ do: `DELETE /api/v1/namespaces/${namespace}` });
    agents.admin.destroy();
    agents.others.destroy();
    webhook?.stop();
  }
}

/** How often a request is sent at most while an answer is waited for, and the milliseconds between two. */
const TRIES = 200;
const PAUSE = 100;

/** Sends a step again and again until its answer is the one waited for; gives the last. */
async function sendUntil(send: (step: Step) => Promise<Answer>, step: Step): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await send(step);
    const arrived = Object.entries(step.until ?? {}).every(
      // Not all that is refused says its code in its body.
      ([path, wanted]) => isAsWaited(path === 'code' ? answer.code : member(answer.body, path), wanted),
    );
    if (arrived || tries === TRIES) return answer;
    await setTimeout(PAUSE);
  }
}

function isAsWaited(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null || !('has' in wanted)) return value === wanted;
  return String(value).includes(String(wanted.has));
}

function member(body: unknown, path: string): unknown {
  let at = body;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

function exchange(
  target: Target,
  agents: { admin: Agent; others: Agent },
  step: Omit<Step, 'name'>,
  variables: ReadonlyMap<string, string>,
): Promise<Answer> {
  const fill = (text: string) =>
    text.replace(/\$\{?([a-z]\w*)\}?/g, (whole, name: string) => variables.get(name) ?? whole);
  const [method = '', path = ''] = fill(step.do).split(' ');
  const text = step.text ?? (step.body === undefined ? undefined : JSON.stringify(step.body));
  const body = text === undefined ? undefined : fill(text);
  const user = step.as ?? 'admin';
  const headers = {
    'user-agent': 'conformance/1',
    ...(body === undefined
      ? {}
      : { 'content-type': step.type ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...target.identity(user),
    ...Object.fromEntries(
      Object.entries(step.headers ?? {}).map(([name, value]) => [
        name,
        typeof value === 'string' ? fill(value) : value.map(fill),
      ]),
    ),
  };
  return new Promise((resolve, reject) => {
    const agent = user === 'admin' ? agents.admin : agents.others;
    const outgoing = request(new URL(path, target.url), { method, headers, agent, timeout: 20_000 });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${step.do}: no answer within 20 seconds`)));
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      (step.watch === undefined ? wholeBody(response) : firstLines(response, step.watch)).then(
        (content) => resolve({ code: response.statusCode ?? 0, headers: comparedHeaders(response), body: content }),
        reject,
      );
    });
    outgoing.end(body);
  });
}

function comparedHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    COMPARED.flatMap((name): [string, string][] => {
      const value = headers[name];
      return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]];
    }),
  );
}

async function wholeBody(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return asJson(Buffer.concat(chunks).toString());
}

/** The first lines of a watch; fewer when it ends before. */
async function firstLines(response: IncomingMessage, count: number): Promise<unknown> {
  const lines: unknown[] = [];
  for await (const line of createInterface(response)) {
    lines.push(asJson(line));
    if (lines.length === count) break;
  }
  response.destroy();
  return lines;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not every answer is JSON; what it is, is compared as it is.
    return text;
  }
}
