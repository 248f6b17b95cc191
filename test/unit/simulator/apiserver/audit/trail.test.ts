import { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrailEvent } from '../../../../../electron/simulator/apiserver/audit/event';
import { auditLogFile } from '../../../../../electron/simulator/apiserver/audit/log-file';
import { auditEvents } from '../../../../../electron/simulator/apiserver/audit/resource';
import { AuditTrail } from '../../../../../electron/simulator/apiserver/audit/trail';
import { unauthorized } from '../../../../../electron/simulator/apiserver/authentication/unauthorized';
import { requestInfo } from '../../../../../electron/simulator/apiserver/http/request-info';
import { clusterCertificates } from '../../../../../electron/simulator/certificates';
import { VirtualClock } from '../../../../../electron/simulator/clock';
import { silentLog } from '../../../../../electron/simulator/log';
import { admin, type TestApiServer, testApiServer } from '../../../../support/api-server';

const TRAIL = '/apis/simulator.porthole.dev/v1alpha1/auditevents';

describe('the audit trail over HTTPS', () => {
  let api: TestApiServer;
  let port: number;
  let agent: Agent;

  beforeEach(async () => {
    const clock = new VirtualClock();
    const { ca, server } = await clusterCertificates(undefined);
    api = testApiServer({
      clock,
      audit: new AuditTrail(clock, silentLog),
      authenticator: {
        async authenticate({ headers }, notes) {
          if (headers.authorization === 'Bearer bad') throw unauthorized();
          notes?.identifiedBy('token file');
          return admin;
        },
      },
      authorizer: {
        authorize: ({ resource, user }) =>
          resource === 'secrets'
            ? { allowed: false, reason: 'because' }
            : { allowed: true, reason: `RBAC: ${user.name} may` },
      },
      admission: [
        () => ({
          name: 'Labeller',
          changes: ['pods'],
          admit: ({ object }) => {
            if (object !== undefined) object.metadata.labels = { a: 'b' };
          },
        }),
        () => ({
          name: 'Refuser',
          validate: ({ object }) => {
            if (object?.metadata.name === 'bad') throw new Error('not this one');
            if (object?.metadata.name === 'mistake') throw new TypeError('not a function');
          },
        }),
      ],
    });
    const tls = { key: server.key, cert: server.certificate, ca: ca.certificate };
    ({ port } = await api.server.listen({ port: 0, host: '127.0.0.1', tls }));
    agent = new Agent({ keepAlive: true, maxSockets: 1, ca: ca.certificate });
  });
  afterEach(async () => {
    agent.destroy();
    await api.server.close();
  });

  function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    return new Promise<{ code: number; json: { items?: TrailEvent[] } & Partial<TrailEvent> }>((resolve, reject) => {
      const options = { method, path, port, host: '127.0.0.1', agent, headers: { 'user-agent': 'test', ...headers } };
      const outgoing = httpsRequest(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          const isJson = response.headers['content-type'] === 'application/json';
          resolve({ code: response.statusCode ?? 0, json: isJson ? JSON.parse(text) : {} });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  const trail = async () => (await ask('GET', TRAIL)).json.items ?? [];
  const podsPath = '/api/v1/namespaces/default/pods';
  const pod = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  });

  it('tells the stages of a write, in the shape of audit.k8s.io', async () => {
    await ask('POST', podsPath, pod('web'), { 'audit-id': 'my-own' });
    const [event] = await trail();
    expect(event).toMatchObject({
      apiVersion: 'simulator.porthole.dev/v1alpha1',
      kind: 'AuditEvent',
      level: 'Metadata',
      auditID: 'my-own',
      stage: 'ResponseComplete',
      requestURI: podsPath,
      verb: 'create',
      user: { username: admin.name, groups: admin.groups },
      sourceIPs: ['127.0.0.1'],
      userAgent: 'test',
      objectRef: { resource: 'pods', namespace: 'default', name: 'web', apiVersion: 'v1' },
      responseStatus: { metadata: {}, code: 201 },
      requestReceivedTimestamp: '2026-01-01T00:00:00.000000Z',
      annotations: {
        'authorization.k8s.io/decision': 'allow',
        'authorization.k8s.io/reason': `RBAC: ${admin.name} may`,
      },
    });
    expect(event?.stages.map(({ time: _time, ...stage }) => stage)).toEqual([
      { name: 'authentication', outcome: 'allowed', by: 'token file', user: admin.name },
      { name: 'authorization', outcome: 'allowed', reason: `RBAC: ${admin.name} may` },
      { name: 'admission', outcome: 'changed', by: 'Labeller' },
      { name: 'storage', outcome: 'stored', resourceVersion: expect.any(String) },
    ]);
  });

  it('tells where a request was stopped', async () => {
    await ask('GET', podsPath, undefined, { authorization: 'Bearer bad' });
    await ask('GET', '/api/v1/secrets');
    await ask('POST', podsPath, pod('bad'));
    await ask('GET', podsPath, undefined, { 'impersonate-user': 'jane' });
    const events = await trail();
    expect(events.map(({ responseStatus }) => responseStatus?.code)).toEqual([401, 403, 500, 200]);
    expect(events.map(({ stages }) => stages.map(({ name, outcome }) => `${name} ${outcome}`).at(-1))).toEqual([
      'authentication refused',
      'authorization refused',
      'admission refused',
      'authorization allowed',
    ]);
    expect(events[1]?.annotations).toEqual({
      'authorization.k8s.io/decision': 'forbid',
      'authorization.k8s.io/reason': 'because',
    });
    expect(events[1]?.responseStatus?.message).toContain('cannot list resource "secrets"');
    expect(events[2]?.stages.at(-1)).toMatchObject({ by: 'Refuser', reason: 'not this one' });
    expect(events[3]).toMatchObject({ user: { username: admin.name }, impersonatedUser: { username: 'jane' } });
  });

  it('tells of a mistake in the server as of a panic', async () => {
    const { code } = await ask('POST', podsPath, pod('mistake'));
    expect(code).toBe(500);
    expect((await trail())[0]).toMatchObject({
      stage: 'Panic',
      responseStatus: {
        metadata: {},
        status: 'Failure',
        reason: 'InternalError',
        message: "APIServer panic'd: not a function",
        code: 500,
      },
    });
  });

  it("is only to be read, and does not move the cluster's version", async () => {
    const before = (await ask('GET', podsPath)).json.metadata?.resourceVersion;
    await trail();
    expect((await ask('GET', podsPath)).json.metadata?.resourceVersion).toBe(before);
    expect((await ask('DELETE', `${TRAIL}/0000000001`)).code).toBe(405);
    expect((await ask('POST', TRAIL, {})).code).toBe(405);
    expect((await ask('GET', `${TRAIL}/0000000001`)).json.requestURI).toBe(podsPath);
    const selected = await ask('GET', `${TRAIL}?fieldSelector=verb%3Ddelete`);
    expect(selected.json.items).toHaveLength(1);
  });
});

describe('the audit trail', () => {
  /** A request that is answered at once. */
  function pass(trail: AuditTrail, url = '/healthz'): void {
    const request = { url, headers: {}, socket: { remoteAddress: '::ffff:127.0.0.1' } } as IncomingMessage;
    const response = Object.assign(new EventEmitter(), { headersSent: true, statusCode: 200 });
    // Only what the trail looks at.
    const info = requestInfo('GET', url.split('?')[0] ?? '', new URLSearchParams());
    trail.begin(request, response as unknown as ServerResponse, info, 'id');
    response.emit('close');
  }

  const names = (trail: AuditTrail) => {
    trail.definition.beforeRead?.();
    const table = trail.definition.store?.table(auditEvents.group, auditEvents.resource);
    return [...(table?.list() ?? [])].map(({ key }) => Number(key));
  };

  it('remembers the latest two thousand requests, read or not', () => {
    const trail = new AuditTrail(new VirtualClock(), silentLog);
    for (let count = 0; count < 2_500; count++) pass(trail);
    expect(names(trail)).toHaveLength(2_000);
    expect(names(trail)[0]).toBe(501);
    for (let count = 0; count < 5_000; count++) pass(trail);
    expect([names(trail).length, names(trail)[0]]).toEqual([2_000, 5_501]);
  });

  it('remembers fewer when they are large', () => {
    const trail = new AuditTrail(new VirtualClock(), silentLog);
    for (let count = 0; count < 1_000; count++) pass(trail, `/healthz?${'x'.repeat(20_000)}`);
    expect(names(trail).length).toBeLessThan(450);
    expect(names(trail).at(-1)).toBe(1_000);
  });

  it('is written to a file stage by stage, which is put aside when it is full', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    const path = join(folder, 'logs', 'audit.log');
    const sink = auditLogFile({ path, maxSize: 0.001, maxBackup: 1 }, silentLog);
    const trail = new AuditTrail(new VirtualClock(), silentLog, sink);
    for (let count = 0; count < 10; count++) pass(trail);
    await trail.close();
    const [line = ''] = readFileSync(path, 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      stage: 'ResponseComplete',
      sourceIPs: ['127.0.0.1'],
    });
    expect(readdirSync(join(folder, 'logs'))).toHaveLength(2);
    rmSync(folder, { recursive: true });
  });
});
