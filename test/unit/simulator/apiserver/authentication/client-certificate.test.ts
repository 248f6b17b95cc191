import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleApiServer } from '../../../../../electron/simulator/api-server';
import { applyBootstrapPolicy } from '../../../../../electron/simulator/apiserver/authorization/bootstrap';
import type { ApiServer } from '../../../../../electron/simulator/apiserver/server';
import { memoryBackend } from '../../../../../electron/simulator/apiserver/storage/memory-backend';
import { clusterCertificates, issueClient, type KeyPair } from '../../../../../electron/simulator/certificates';
import { VirtualClock } from '../../../../../electron/simulator/clock';
import { silentLog } from '../../../../../electron/simulator/log';
import { Random } from '../../../../../electron/simulator/random';

const DAY = 86_400_000;
const ALICE = 'alice-token';

let folder: string;
let server: ApiServer;
let port: number;
let own: KeyPair;
let other: KeyPair;
let stranger: KeyPair;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-certificates-'));
  const certificates = await clusterCertificates(undefined);
  own = certificates.ca;
  [other, stranger] = [await authority('theirs'), await authority('kubernetes')];
  const clientCaFile = join(folder, 'clients.crt');
  writeFileSync(clientCaFile, `# theirs\n${other.certificate}`);
  const tokenAuthFile = join(folder, 'tokens.csv');
  writeFileSync(tokenAuthFile, `${ALICE},alice,1\n`);
  const assembled = await assembleApiServer(
    {
      backend: memoryBackend(),
      certificates,
      kubelets: () => undefined,
      clock: new VirtualClock(),
      random: new Random(1),
      log: silentLog,
    },
    { clientCaFile, tokenAuthFile },
  );
  ({ server } = assembled);
  await applyBootstrapPolicy(assembled.loopback);
  await assembled.authorizer.start(assembled.loopback);
  const { key, certificate: cert } = certificates.server;
  const tls = { key, cert, ca: assembled.clientCertificateAuthorities };
  ({ port } = await server.listen({ port: 0, host: '127.0.0.1', tls }));
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks who one is; the answer is the user, or the code of what was answered instead. */
function whoAmI(client?: KeyPair, token?: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        port,
        host: '127.0.0.1',
        path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        method: 'POST',
        rejectUnauthorized: false,
        agent: false,
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        ...(client && { cert: client.certificate, key: client.key }),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          const body = JSON.parse(text);
          resolve(response.statusCode === 201 ? body.status.userInfo : body.code);
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end('{}');
  });
}

async function authority(name: string): Promise<KeyPair> {
  const extensions = [{ name: 'basicConstraints' as const, cA: true, critical: true }];
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions,
  });
  return { certificate: made.cert, key: made.private };
}

interface Wish {
  readonly subject?: readonly (readonly [string, string])[];
  readonly from?: number;
  readonly until?: number;
  readonly usage?: 'clientAuth' | 'serverAuth';
}

async function issue(
  ca: KeyPair,
  { subject = [['commonName', 'jane']], from = -1, until = 1, usage = 'clientAuth' }: Wish,
) {
  const now = Date.now();
  const made = await generate(
    subject.map(([name, value]) => ({ name, value })),
    {
      keyType: 'ec',
      algorithm: 'sha256',
      notBeforeDate: new Date(now + from * DAY),
      notAfterDate: new Date(now + until * DAY),
      extensions: [{ name: 'extKeyUsage', [usage]: true }],
      ca: { key: ca.key, cert: ca.certificate },
    },
  );
  return { certificate: made.cert, key: made.private };
}

describe('a client certificate', () => {
  it('gives the name, and every organization as a group', async () => {
    expect(await whoAmI(await issueClient(own, 'jane', ['dev', 'ops']))).toEqual({
      username: 'jane',
      groups: ['dev', 'ops', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/)] },
    });
  });

  it('may be of an authority in --client-ca-file', async () => {
    expect(await whoAmI(await issueClient(other, 'joe', []))).toMatchObject({ username: 'joe' });
  });

  it('counts before a token', async () => {
    expect(await whoAmI(await issueClient(own, 'jane', []), ALICE)).toMatchObject({ username: 'jane' });
  });

  it('names nobody without a common name', async () => {
    const nameless = await issue(own, { subject: [['organizationName', 'system:masters']] });
    // Nobody may not even ask who they are.
    expect(await whoAmI(nameless)).toBe(403);
    expect(await whoAmI()).toBe(403);
    expect(await whoAmI(nameless, ALICE)).toMatchObject({ username: 'alice' });
  });

  it('is refused when it does not hold, and does no harm beside a token that does', async () => {
    const bad = {
      'of an authority unknown here': await issueClient(stranger, 'jane', ['system:masters']),
      'out of date': await issue(own, { from: -3, until: -2 }),
      'not in force yet': await issue(own, { from: 2, until: 3 }),
      'for servers': await issue(own, { usage: 'serverAuth' }),
    };
    for (const [why, certificate] of Object.entries(bad)) {
      expect(await whoAmI(certificate), why).toBe(401);
      expect(await whoAmI(certificate, ALICE), why).toMatchObject({ username: 'alice' });
      expect(await whoAmI(certificate, 'mallory'), why).toBe(401);
    }
  });
});
