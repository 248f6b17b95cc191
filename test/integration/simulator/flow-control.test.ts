import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../conformance/player';
import { ours } from '../../conformance/targets';

const GROUP = '/apis/flowcontrol.apiserver.k8s.io/v1';
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/x';

interface Answer {
  readonly code: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let target: Target;
let stop = async () => {};
const agent = new Agent({ rejectUnauthorized: false });

function send(call: string, headers: Record<string, string>): Promise<Answer> {
  const [method, path = ''] = call.split(' ');
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, target.url), { method, headers, agent });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
        // One event of a watch is enough.
        if (path.includes('watch')) response.destroy();
      });
      response.on('close', () => resolve({ code: response.statusCode, headers: response.headers, body }));
    });
    outgoing.end();
  });
}

const admin = { authorization: 'Bearer admin-token' };
const as = (user: string, group?: string): Record<string, string> => ({
  ...admin,
  'impersonate-user': user,
  ...(group === undefined ? {} : { 'impersonate-group': group }),
});
const anonymous = {};

/** The names behind the uids, of all objects of a kind. */
async function names(resource: string): Promise<Map<string, string>> {
  const { body } = await send(`GET ${GROUP}/${resource}`, admin);
  const { items }: { items: { metadata: { name: string; uid: string } }[] } = JSON.parse(body);
  return new Map(items.map(({ metadata }) => [metadata.uid, metadata.name]));
}

async function flowOf(call: string, headers: Record<string, string>): Promise<string> {
  const answer = await send(call, headers);
  const schema = answer.headers['x-kubernetes-pf-flowschema-uid'];
  const level = answer.headers['x-kubernetes-pf-prioritylevel-uid'];
  if (schema === undefined && level === undefined) return 'none';
  const [schemas, levels] = [await names('flowschemas'), await names('prioritylevelconfigurations')];
  return `${schemas.get(String(schema))} ${levels.get(String(level))}`;
}

describe('which FlowSchema an answer names, as the real server does', () => {
  beforeAll(async () => {
    ({ target, stop } = await ours());
  });
  afterAll(async () => {
    agent.destroy();
    await stop();
  });

  it.each<[string, string, Record<string, string>, string]>([
    ['an administrator', 'GET /api/v1/pods', admin, 'exempt exempt'],
    ['nobody known', 'GET /api/v1/pods', anonymous, 'global-default global-default'],
    ['a probe', 'GET /healthz', anonymous, 'probes exempt'],
    ['a part of a probe', 'GET /livez/ping', anonymous, 'probes exempt'],
    ['what only begins like a probe', 'GET /healthzz', anonymous, 'global-default global-default'],
    ['a probe by another verb', 'POST /readyz', anonymous, 'global-default global-default'],
    ['a probe as somebody', 'GET /readyz', as('alice', 'dev'), 'probes exempt'],
    ['a path', 'GET /version', as('alice', 'dev'), 'global-default global-default'],
    ['leader election', `GET ${LEASE}`, as('system:kube-scheduler'), 'system-leader-election leader-election'],
    ['not quite leader election', `DELETE ${LEASE}`, as('system:kube-scheduler'), 'kube-scheduler workload-high'],
    [
      'the leases of all namespaces',
      'GET /apis/coordination.k8s.io/v1/leases',
      as('system:kube-controller-manager'),
      'kube-controller-manager workload-high',
    ],
    [
      'a service account of the system',
      'GET /api/v1/namespaces/a/pods',
      as('system:serviceaccount:kube-system:x'),
      'kube-system-service-accounts workload-high',
    ],
    [
      'any service account',
      'GET /api/v1/namespaces/a/pods',
      as('system:serviceaccount:default:x'),
      'service-accounts workload-low',
    ],
    ['a node', 'GET /api/v1/nodes/a', as('system:node:a', 'system:nodes'), 'system-node-high node-high'],
    [
      "a node's status",
      'GET /api/v1/nodes/a/status',
      as('system:node:a', 'system:nodes'),
      'system-node-high node-high',
    ],
    ["a node's pod", 'GET /api/v1/namespaces/x/pods/a', as('system:node:a', 'system:nodes'), 'system-nodes system'],
    ['a watch', 'GET /api/v1/namespaces?watch=1', admin, 'exempt exempt'],
    ['logs', 'GET /api/v1/namespaces/default/pods/x/log', admin, 'none'],
    ['a proxy', 'GET /api/v1/nodes/x/proxy/', admin, 'none'],
    ['a token that is none', 'GET /api/v1/pods', { authorization: 'Bearer nonsense' }, 'none'],
    ['who may not act as others', 'GET /api/v1/pods', { 'impersonate-user': 'bob' }, 'none'],
    ['what is not there', 'GET /nowhere', admin, 'exempt exempt'],
  ])('%s', async (_, call, headers, expected) => {
    expect(await flowOf(call, headers)).toBe(expected);
  });

  it('a FlowSchema counts from when it is there, and its level is', async () => {
    const call = 'GET /api/v1/namespaces/a/pods';
    const bob = as('bob', 'dev');
    const make = (resource: string, kind: string, spec: object, name = 'mine') =>
      fetchJson(`${GROUP}/${resource}`, {
        apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
        kind,
        metadata: { name },
        spec,
      });
    const rule = { verbs: ['list'], apiGroups: [''], resources: ['pods'], namespaces: ['a'] };
    await make('flowschemas', 'FlowSchema', {
      priorityLevelConfiguration: { name: 'mine' },
      rules: [{ subjects: [{ kind: 'User', user: { name: 'bob' } }], resourceRules: [rule] }],
    });
    expect(await flowOf(call, bob)).toBe('global-default global-default');
    await make('prioritylevelconfigurations', 'PriorityLevelConfiguration', {
      type: 'Limited',
      limited: { limitResponse: { type: 'Reject' } },
    });
    expect(await flowOf(call, bob)).toBe('mine mine');
    expect(await flowOf('GET /api/v1/namespaces/b/pods', bob)).toBe('global-default global-default');
    await send(`DELETE ${GROUP}/flowschemas/mine`, admin);
    expect(await flowOf(call, bob)).toBe('global-default global-default');
  });

  function fetchJson(path: string, body: object): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = { ...admin, 'content-type': 'application/json' };
      const outgoing = request(new URL(path, target.url), { method: 'POST', headers, agent });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        response.resume();
        if (response.statusCode === 201) resolve();
        else reject(new Error(`${path}: ${response.statusCode}`));
      });
      outgoing.end(JSON.stringify(body));
    });
  }
});
