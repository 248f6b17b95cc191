import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { createAuthenticator } from '../../../../../electron/simulator/apiserver/authentication';
import {
  forApiServer,
  TokenChain,
} from '../../../../../electron/simulator/apiserver/authentication/token-authenticator';
import { clusterCertificates } from '../../../../../electron/simulator/certificates';
import { nodes, pods } from '../../../../../shared/kubernetes/resources';
import { admin, reachableNode, type TestApiServer, testApiServer } from '../../../../support/api-server';
import { idleKubelet } from '../../../../support/idle-kubelet';

const TOKEN = 'ünusual';
const WATCH = '/api/v1/namespaces/default/pods?watch=1';
const EXEC = '/api/v1/namespaces/default/pods/web/exec?command=ls&stdout=1';
const PREFIX = 'base64url.bearer.authorization.k8s.io.';
const bearer = (token: string) => `${PREFIX}${Buffer.from(token).toString('base64url')}`;

let api: TestApiServer;
let port: number;
let ca: string;

beforeAll(async () => {
  const tokens = new TokenChain([
    {
      method: 'test',
      authenticate: async (token, audiences) => (token === TOKEN ? forApiServer(admin, audiences) : undefined),
    },
  ]);
  api = testApiServer({
    kubelets: () => idleKubelet,
    authenticator: createAuthenticator(tokens),
    authorizer: { authorize: ({ user }) => ({ allowed: user.name === admin.name, reason: '' }) },
  });
  await api.client.create(nodes, reachableNode('a'));
  await api.client.create(pods, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { nodeName: 'a', containers: [{ name: 'web', image: 'nginx' }] },
  });
  const certificates = await clusterCertificates(undefined);
  ca = certificates.ca.certificate;
  const { key, certificate: cert } = certificates.server;
  ({ port } = await api.server.listen({ port: 0, host: '127.0.0.1', tls: { key, cert, ca } }));
});

afterAll(() => api.server.close());

/** What a WebSocket comes to: the subprotocol that was agreed on, or the code that it was refused with. */
function opened(path: string, protocols: string[], options: ClientOptions = {}): Promise<string | number> {
  const socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, protocols, { ca, ...options });
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      resolve(socket.protocol);
      socket.terminate();
    });
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on('error', reject);
  });
}

describe('a token among the subprotocols of a WebSocket', () => {
  it('lets its user in, and is not agreed on', async () => {
    expect(await opened(WATCH, [bearer(TOKEN), 'chat'])).toBe('chat');
    expect(await opened(EXEC, ['v5.channel.k8s.io', bearer(TOKEN)])).toBe('v5.channel.k8s.io');
  });

  it('counts where another identity does not hold', async () => {
    const headers = { authorization: 'Bearer mallory' };
    expect(await opened(WATCH, [bearer(TOKEN), 'chat'], { headers })).toBe('chat');
    expect(await opened(WATCH, [bearer('mallory'), 'chat'], { headers })).toBe(401);
  });

  it('must hold, stand alone, be readable and leave something to agree on', async () => {
    expect(await opened(WATCH, [bearer('mallory'), 'chat'])).toBe(401);
    expect(await opened(WATCH, [bearer(TOKEN)])).toBe(401);
    expect(await opened(WATCH, [bearer(TOKEN), bearer('other'), 'chat'])).toBe(401);
    expect(await opened(WATCH, [`${bearer(TOKEN)}~`, 'chat'])).toBe(401);
    expect(await opened(WATCH, [`${PREFIX}${Buffer.from([0xff]).toString('base64url')}`, 'chat'])).toBe(401);
  });

  it('says nothing when it is empty', async () => {
    expect(await opened(WATCH, [PREFIX, 'chat'])).toBe(403);
    expect(await opened(WATCH, ['chat'])).toBe(403);
  });
});
