import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootstrapTokens } from '../../../../../electron/simulator/apiserver/authentication/bootstrap-token';
import { csvRecords } from '../../../../../electron/simulator/apiserver/authentication/csv';
import { TokenChain } from '../../../../../electron/simulator/apiserver/authentication/token-authenticator';
import { tokenFile } from '../../../../../electron/simulator/apiserver/authentication/token-file';
import { startComponents } from '../../../../../electron/simulator/components';
import { serviceAccountTokenController } from '../../../../../electron/simulator/controllers/service-account-token';
import { silentLog } from '../../../../../electron/simulator/log';
import { Random } from '../../../../../electron/simulator/random';
import { secrets, serviceAccounts } from '../../../../../shared/kubernetes/resources';
import { type InProcessApi, startApi } from '../../../../support/in-process-api';

describe('CSV', () => {
  it('is read as Go reads it', () => {
    expect(csvRecords('a,b\n\n"x, ""y""",\r\n')).toEqual([
      ['a', 'b'],
      ['x, "y"', ''],
    ]);
  });

  it.each([
    ['a,b"c', 'parse error on line 1, column 4: bare " in non-quoted field'],
    ['a\n"b"c', 'parse error on line 2, column 3: extraneous or missing " in quoted-field'],
    ['"a\nb', 'record on line 1; parse error on line 2, column 2: extraneous or missing " in quoted-field'],
  ])('says where %j is wrong', (text, message) => {
    expect(() => csvRecords(text)).toThrow(message);
  });
});

describe('a token file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokens-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (text: string) => {
    const path = join(folder, 'tokens.csv');
    writeFileSync(path, text);
    return new TokenChain([tokenFile(path, silentLog)]);
  };

  it('gives users with uid and groups', async () => {
    const tokens = read('secret,alice,42,"dev,qa"\nother,bob,\n');
    expect(await tokens.authenticate('secret')).toEqual({
      user: { name: 'alice', uid: '42', groups: ['dev', 'qa', 'system:authenticated'] },
      audiences: ['https://kubernetes.default.svc.cluster.local'],
    });
    expect((await tokens.authenticate('other')).user).toEqual({ name: 'bob', groups: ['system:authenticated'] });
    await expect(tokens.authenticate('none')).rejects.toThrow(/^invalid bearer token$/);
    await expect(tokens.authenticate('secret', ['vault'])).rejects.toThrow(/^invalid bearer token$/);
  });

  it('says what is wrong with it', () => {
    expect(() => read('secret,alice\n')).toThrow(
      /^token file '.*tokens.csv' must have at least 3 columns \(token, user name, user uid\), found 2$/,
    );
    expect(() => tokenFile(join(folder, 'none'), silentLog)).toThrow('the token file cannot be read: ENOENT');
  });
});

describe('tokens in Secrets', () => {
  let api: InProcessApi;
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.stop());

  it('are bootstrap tokens when they say so', async () => {
    const tokens = new TokenChain([bootstrapTokens(() => api.admin, api.clock)]);
    const token = 'abcdef.0123456789abcdef';
    await api.admin.create(secrets, {
      metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
      type: 'bootstrap.kubernetes.io/token',
      stringData: {
        'token-id': 'abcdef',
        'token-secret': '0123456789abcdef',
        'usage-bootstrap-authentication': 'true',
        'auth-extra-groups': 'system:bootstrappers:workers',
        expiration: '2026-01-01T01:00:00Z',
      },
    });
    expect((await tokens.authenticate(token)).user).toEqual({
      name: 'system:bootstrap:abcdef',
      groups: ['system:bootstrappers', 'system:bootstrappers:workers', 'system:authenticated'],
    });
    await expect(tokens.authenticate('abcdef.0123456789abcdee')).rejects.toThrow('invalid bearer token');
    await api.clock.advance(3_600_000);
    await expect(tokens.authenticate(token)).rejects.toThrow('invalid bearer token');
  });

  it("are a ServiceAccount's, made for the Secret and gone with the account", async () => {
    const { server, clock, tokens: accountTokens } = api;
    const tokens = new TokenChain([accountTokens]);
    const signing = {
      certificateAuthority: 'CA',
      issueLegacy: accountTokens.issueLegacy.bind(accountTokens),
    };
    const running = await startComponents(server, [serviceAccountTokenController(signing)], {
      clock,
      random: new Random(1),
      log: silentLog,
    });
    const account = await api.admin.create(serviceAccounts, { metadata: { name: 'robot', namespace: 'default' } });
    await api.admin.create(secrets, {
      metadata: {
        name: 'robot-token',
        namespace: 'default',
        annotations: { 'kubernetes.io/service-account.name': 'robot' },
      },
      type: 'kubernetes.io/service-account-token',
    });
    await clock.settle();
    const secret = await api.admin.get(secrets, 'default', 'robot-token');
    const text = (key: string) => Buffer.from(secret.data?.[key] ?? '', 'base64').toString();
    expect([text('ca.crt'), text('namespace')]).toEqual(['CA', 'default']);
    expect(secret.metadata.annotations?.['kubernetes.io/service-account.uid']).toBe(account.metadata.uid);
    const { user } = await tokens.authenticate(text('token'));
    expect(user).toMatchObject({ name: 'system:serviceaccount:default:robot', uid: account.metadata.uid });
    const used = await api.admin.get(secrets, 'default', 'robot-token');
    expect(used.metadata.labels).toEqual({ 'kubernetes.io/legacy-token-last-used': '2026-01-01' });

    await api.admin.delete(serviceAccounts, 'default', 'robot');
    await clock.settle();
    await expect(api.admin.get(secrets, 'default', 'robot-token')).rejects.toThrow('not found');
    await expect(tokens.authenticate(text('token'))).rejects.toThrow(
      '[invalid bearer token, Token has been invalidated]',
    );
    running.stop();
  });
});
