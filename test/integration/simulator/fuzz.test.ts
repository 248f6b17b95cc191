import { Agent, request } from 'node:https';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { messageOf } from '../../../shared/error-message';
import type { Target } from '../../conformance/player';
import { ours } from '../../conformance/targets';
import { randomRequest, type Sent } from '../../support/random-requests';

/**
 * Requests as no client sends them, to every route there is: whatever comes, the answer is one that upstream could give, and
 * the server lives on. What an answer says is no matter of this test.
 */

let target: Target;
let stop: () => Promise<void>;
let agent: Agent;

beforeAll(async () => {
  ({ target, stop } = await ours());
  agent = new Agent({ keepAlive: true, rejectUnauthorized: false, maxSockets: 1 });
});

afterAll(async () => {
  agent.destroy();
  await stop();
});

interface Answered {
  readonly code: number;
  readonly type: string;
  readonly text: string;
}

function send({ method, path, headers, body }: Sent, as = 'admin'): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { ...headers, ...(headers.upgrade && { connection: 'upgrade' }), ...target.identity(as) },
      agent,
    };
    const outgoing = request(`${target.url}${path}`, options, (response) => {
      const answer = { code: response.statusCode ?? 0, type: response.headers['content-type'] ?? '' };
      // A watch has no end: that it begins is enough.
      if (answer.code === 200 && /[?&](watch|follow)=|\/watch\//.test(path)) {
        response.destroy();
        resolve({ ...answer, text: '' });
        return;
      }
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ ...answer, text }));
      response.on('error', reject);
    });
    // A wait that a request may ask for is over long before: silence is an answer that was forgotten.
    outgoing.setTimeout(10_000, () => outgoing.destroy(new Error('no answer within 10 s')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** What kube-apiserver might answer: no mistake of the server's own, and a Status where it says what is wrong. */
function checkAnswer({ method, headers }: Sent, { code, type, text }: Answered): void {
  // Nobody may be behind a proxy, and a version may not have been reached yet; errors that upstream has not put into words
  // for clients are no mistakes of its own either, and have no reason.
  const isPlain = code === 500 && !/InternalError|panic/.test(text);
  expect(code < 500 || code === 503 || code === 504 || isPlain, `${code}: ${text}`).toBe(true);
  if (code < 400 || method === 'HEAD' || !type.startsWith('application/json')) return;
  if (code === 406 && text === '') return;
  const status = JSON.parse(text);
  expect(status).toMatchObject({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code });
  expect(typeof status.message, headers.accept).toBe('string');
}

it('answers whatever comes as upstream could, and lives on', async () => {
  for (const name of ['default', 'a']) {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await send({
      method: 'POST',
      path: '/api/v1/namespaces',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(namespace),
    });
  }
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const sent = randomRequest(draw);
      try {
        checkAnswer(sent, await send(sent));
      } catch (error) {
        // The values that were drawn say little to people.
        throw new Error(`${JSON.stringify(sent)}: ${messageOf(error)}`, { cause: error });
      }
    }),
    { seed: Number(process.env.FUZZ_SEED ?? 35), numRuns: Number(process.env.FUZZ_RUNS ?? 2000), endOnFailure: true },
  );
  expect(await send({ method: 'GET', path: '/readyz', headers: {}, body: undefined })).toMatchObject({ code: 200 });
}, 120_000);
