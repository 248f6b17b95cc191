import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noNotes } from '../../../../../electron/simulator/apiserver/authentication/token-authenticator';
import { ISSUER } from '../../../../../electron/simulator/apiserver/authentication/users';
import { messageOf } from '../../../../../shared/error-message';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import { pods, serviceAccounts } from '../../../../../shared/kubernetes/resources';
import { type InProcessApi, startApi } from '../../../../support/in-process-api';

let api: InProcessApi;
/** What was wrong with the last token that was not good. */
let fault = '';

beforeEach(async () => {
  api = await startApi();
  await api.admin.create(serviceAccounts, { metadata: { name: 'robot', namespace: 'default' } });
});
afterEach(() => api.stop());

interface TokenRequest extends KubeObject {
  status: { token: string; expirationTimestamp: string };
}

async function request(spec: object): Promise<TokenRequest> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec } as KubeObject;
  return (await api.admin.createSubresource(serviceAccounts, 'default', 'robot', 'token', body)) as TokenRequest;
}

/** Whose a token is; `undefined` when it is good for nothing. */
const whose = (token: string, audiences = [ISSUER]) =>
  api.tokens.authenticate(token, audiences, noNotes).catch((error: unknown) => {
    fault = messageOf(error);
    return undefined;
  });

const newPod = (serviceAccountName: string) =>
  api.admin.create(pods, {
    metadata: { name: 'p', namespace: 'default' },
    spec: { serviceAccountName, containers: [{ name: 'c', image: 'nginx' }] },
  });

describe('ServiceAccount tokens', () => {
  it('stand for the account and its groups', async () => {
    const { status } = await request({});
    const found = await whose(status.token);
    expect(found?.user.name).toBe('system:serviceaccount:default:robot');
    expect(found?.user.groups).toEqual([
      'system:serviceaccounts',
      'system:serviceaccounts:default',
      'system:authenticated',
    ]);
    expect(status.expirationTimestamp).toBe('2026-01-01T01:00:00Z');
  });

  it('end on the cluster clock', async () => {
    const { status } = await request({ expirationSeconds: 600 });
    // Clocks may differ by a minute.
    await api.clock.advance(660_000);
    expect(await whose(status.token)).toBeDefined();
    await api.clock.advance(1_000);
    expect(await whose(status.token)).toBeUndefined();
    expect(fault).toBe('service account token has expired');
  });

  it('are for their audience only', async () => {
    const { status } = await request({ audiences: ['vault'] });
    expect(await whose(status.token)).toBeUndefined();
    expect(fault).toBe(`token audiences ["vault"] is invalid for the target audiences ["${ISSUER}"]`);
    expect((await whose(status.token, ['vault', 'other']))?.audiences).toEqual(['vault']);
  });

  it('end with the account, and a new one of the same name does not revive them', async () => {
    const { status } = await request({});
    await api.admin.delete(serviceAccounts, 'default', 'robot');
    expect(await whose(status.token)).toBeUndefined();
    expect(fault).toBe('serviceaccounts "robot" not found');
    await api.admin.create(serviceAccounts, { metadata: { name: 'robot', namespace: 'default' } });
    expect(await whose(status.token)).toBeUndefined();
    expect(fault).toMatch(/^service account UID \(.*\) does not match claim \(.*\)$/);
  });

  it('end with the pod they are bound to', async () => {
    await newPod('robot');
    const { status } = await request({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } });
    const found = await whose(status.token);
    expect(found?.user.extra?.['authentication.kubernetes.io/pod-name']).toEqual(['p']);
    await api.admin.delete(pods, 'default', 'p', { gracePeriodSeconds: 0 });
    expect(await whose(status.token)).toBeUndefined();
    expect(fault).toBe('service account token has been invalidated');
  });

  it('are not given to the pod of another account', async () => {
    await api.admin.create(serviceAccounts, { metadata: { name: 'other', namespace: 'default' } });
    await newPod('other');
    await expect(request({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } })).rejects.toThrow(
      'cannot bind token for serviceaccount "robot" to pod running with different serviceaccount name.',
    );
  });

  it('last ten minutes at least', async () => {
    await expect(request({ expirationSeconds: 599 })).rejects.toThrow(
      'spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
    );
  });

  it('cannot be made up', async () => {
    const { status } = await request({});
    const [header = '', payload = '', signature = ''] = status.token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1e6 })).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await whose(`${header}.${forged}.${signature}`)).toBeUndefined();
    expect(await whose(`${unsigned}.${payload}.`)).toBeUndefined();
    expect(await whose(`${unsigned}.${payload}.${signature}`)).toBeUndefined();
    expect(await whose('garbage')).toBeUndefined();
  });
});
