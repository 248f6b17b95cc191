import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AuditEvent } from '../../../electron/simulator/apiserver/audit/event';
import { play } from '../../conformance/player';
import { folder, type Step } from '../../conformance/steps';
import { ours, upstream } from '../../conformance/targets';

/**
 * What requests leave in the audit log (audit.k8s.io/v1), compared with what a real kube-apiserver wrote of the same
 * requests. With UPSTREAM_KUBECONFIG and UPSTREAM_AUDIT_LOG set, that is recorded anew: test/conformance/README.md.
 */
const recordFrom = process.env.UPSTREAM_KUBECONFIG;
const recordedPath = join(folder, 'recorded-audit.json');

const ns = '/api/v1/namespaces/$ns';
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' };

const steps: Step[] = [
  { name: 'a path of nobody', do: 'GET /version', as: 'anonymous' },
  { name: 'a path that is not there', do: 'GET /nowhere?a=b', as: 'alice' },
  { name: 'a path refused', do: 'GET /metrics', as: 'alice' },
  { name: 'nobody refused', do: `GET ${ns}/pods`, as: 'anonymous' },
  { name: 'a bad token', do: `GET ${ns}/pods`, as: 'anonymous', headers: { authorization: 'Bearer x' } },
  { name: 'a user refused', do: `GET ${ns}/secrets/a`, as: 'alice' },
  { name: 'no agent', do: 'GET /api', as: 'alice', headers: { 'user-agent': '' } },
  { name: 'behind a proxy', do: 'GET /api', as: 'alice', headers: { 'x-forwarded-for': '10.1.2.3, 10.1.2.4' } },
  { name: 'behind another', do: 'GET /api', as: 'alice', headers: { 'x-real-ip': '10.1.2.3' } },
  ...asAdmin([
    { name: 'an object made', do: `POST ${ns}/configmaps?fieldManager=m`, body: configMap },
    { name: 'an object made again', do: `POST ${ns}/configmaps`, body: configMap },
    { name: 'an object with a drawn name', do: `POST ${ns}/configmaps`, body: { metadata: { generateName: 'b-' } } },
    { name: 'an object that is not valid', do: `POST ${ns}/configmaps`, body: { metadata: { name: 'A' } } },
    { name: 'an object that is none', do: `POST ${ns}/configmaps`, text: '{' },
    { name: 'an object read', do: `GET ${ns}/configmaps/a` },
    { name: 'an object not there', do: `GET ${ns}/configmaps/b` },
    { name: 'a list', do: `GET ${ns}/configmaps?limit=1&labelSelector=a%3Db` },
    { name: 'a list of all', do: 'GET /api/v1/configmaps?limit=1' },
    { name: 'a watch', do: `GET ${ns}/configmaps?watch=true`, watch: 1 },
    { name: 'a watch that cannot be', do: `GET ${ns}/configmaps?watch=true&resourceVersion=x` },
    { name: 'an object put', do: `PUT ${ns}/configmaps/a`, body: configMap },
    { name: 'an object patched', do: `PATCH ${ns}/configmaps/a`, body: {}, type: 'application/merge-patch+json' },
    {
      name: 'an object applied',
      do: `PATCH ${ns}/configmaps/a?fieldManager=b`,
      body: {},
      type: 'application/apply-patch+yaml',
    },
    { name: 'a status', do: 'GET /apis/apps/v1/namespaces/$ns/deployments/a/status' },
    { name: 'a log', do: `GET ${ns}/pods/a/log` },
    { name: 'a command', do: `POST ${ns}/pods/a/exec?command=ls` },
    { name: 'a proxy', do: `GET ${ns}/services/a/proxy/b/c` },
    {
      name: 'a review',
      do: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: { ...review, spec: { nonResourceAttributes: { path: '/', verb: 'get' } } },
    },
    { name: 'an unknown resource', do: `GET ${ns}/widgets/a` },
    { name: 'an unknown group', do: 'GET /apis/example.com/v1/namespaces/$ns/widgets/a' },
    { name: 'a method not allowed', do: `DELETE /apis/authorization.k8s.io/v1/selfsubjectaccessreviews` },
    { name: 'a token', do: `POST ${ns}/serviceaccounts/default/token`, body: {} },
    { name: 'an object deleted', do: `DELETE ${ns}/configmaps/a` },
    { name: 'all deleted', do: `DELETE ${ns}/configmaps` },
    { name: 'a namespace', do: `GET ${ns}` },
    { name: 'a namespace finalized', do: `PUT ${ns}/finalize`, body: {} },
  ]),
  {
    name: 'as another',
    do: `GET ${ns}/pods`,
    headers: {
      'impersonate-user': 'bob',
      'impersonate-group': ['dev', 'qa'],
      'impersonate-uid': '1',
      'impersonate-extra-scopes': 'view',
    },
  },
  { name: 'as another, not allowed', do: `GET ${ns}/pods`, as: 'alice', headers: { 'impersonate-user': 'bob' } },
  { name: 'as nobody at all', do: `GET ${ns}/pods`, as: 'alice', headers: { 'impersonate-group': 'dev' } },
];

/** The administrators of both servers, who are known by other means, as one user without more to it. */
function asAdmin(asked: Step[]): Step[] {
  const headers = { 'impersonate-user': 'root', 'impersonate-group': 'system:masters' };
  return asked.map((step) => ({ ...step, headers: { ...headers, ...step.headers } }));
}

/** Each request says by its audit id which it is; the log may hold earlier runs. */
const run = randomUUID();
const marked = steps.map((step, index) => ({ ...step, headers: { ...step.headers, 'audit-id': `${run}/${index}` } }));

it('is written of every request as upstream writes it', async () => {
  const events: AuditEvent[] = [];
  if (recordFrom === undefined) {
    const { target, stop } = await ours({ audit: { write: (event) => events.push(event), close: async () => {} } });
    await play(target, 'audit', marked);
    await stop();
  } else {
    await play(upstream(recordFrom), 'audit', marked);
    const lines = readFileSync(process.env.UPSTREAM_AUDIT_LOG ?? '', 'utf8')
      .trim()
      .split('\n');
    events.push(...lines.map((line) => JSON.parse(line)));
  }
  const written = Object.fromEntries(
    steps.map(({ name }, index) => [name, events.filter(({ auditID }) => auditID === `${run}/${index}`).map(plain)]),
  );
  if (recordFrom !== undefined) writeFileSync(recordedPath, `${JSON.stringify(written, null, 1)}\n`);
  expect(written).toEqual(JSON.parse(readFileSync(recordedPath, 'utf8')));
});

/** An event without what differs from run to run, and without how the administrator is known. */
function plain(event: AuditEvent): unknown {
  const { auditID, requestReceivedTimestamp, stageTimestamp, ...rest } = event;
  for (const time of [requestReceivedTimestamp, stageTimestamp]) {
    expect(time).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  }
  const { user } = rest;
  const text = JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    ...rest,
    user: user.username === 'admin' ? { username: 'admin' } : user,
  });
  return JSON.parse(
    text
      .replace(/cf-audit-[0-9a-f]{6}/g, '$ns')
      .replace(/"b-[a-z0-9]{5}"/g, '"b-<suffix>"')
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'),
  );
}
