import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterCertificates, issueClient } from '../../../electron/simulator/certificates';
import { writeKubeconfig } from '../../../electron/simulator/kubeconfig';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-pki-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('clusterCertificates', () => {
  it('issues for the names and addresses that clients use', async () => {
    const { ca, server, admin } = await clusterCertificates(undefined);
    const issuer = new X509Certificate(ca.certificate);
    const certificate = new X509Certificate(server.certificate);
    expect(issuer.ca).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkHost('kubernetes.default.svc')).toBe('kubernetes.default.svc');
    expect(certificate.publicKey.asymmetricKeyType).toBe('ec');
    expect(new X509Certificate(admin.certificate).subject).toBe('O=kubeadm:cluster-admins\nCN=kubernetes-admin');
  });

  it('keeps them over restarts', async () => {
    const first = await clusterCertificates(folder);
    expect(await clusterCertificates(folder)).toEqual(first);
  });

  it('makes anew what is damaged or of another authority, and no more', async () => {
    const first = await clusterCertificates(folder);
    writeFileSync(join(folder, 'pki', 'apiserver.crt'), 'garbage');
    const second = await clusterCertificates(folder);
    expect(second.ca).toEqual(first.ca);
    expect(second.admin).toEqual(first.admin);
    expect(second.server).not.toEqual(first.server);
    const stranger = await clusterCertificates(undefined);
    writeFileSync(join(folder, 'pki', 'ca.crt'), stranger.ca.certificate);
    writeFileSync(join(folder, 'pki', 'ca.key'), stranger.ca.key);
    const third = await clusterCertificates(folder);
    expect(third.ca).toEqual(stranger.ca);
    expect(third.admin).not.toEqual(first.admin);
  });

  it('names the first address of Services, whatever their range is', async () => {
    const first = await clusterCertificates(folder);
    expect(new X509Certificate(first.server.certificate).checkIP('10.96.0.1')).toBe('10.96.0.1');
    const second = await clusterCertificates(folder, '10.32.0.1');
    expect(new X509Certificate(second.server.certificate).checkIP('10.32.0.1')).toBe('10.32.0.1');
    expect(second.ca).toEqual(first.ca);
    expect(await clusterCertificates(folder, '10.32.0.1')).toEqual(second);
  });

  it('makes every organization a group', async () => {
    const { ca } = await clusterCertificates(undefined);
    const { certificate } = await issueClient(ca, 'jane', ['dev', 'ops']);
    expect(new X509Certificate(certificate).subject).toBe('O=dev\nO=ops\nCN=jane');
  });
});

describe('writeKubeconfig', () => {
  it('writes one context with everything inside, for the owner only', async () => {
    const { ca, admin } = await clusterCertificates(undefined);
    const file = join(folder, 'sub', 'kubeconfig');
    const entry = { name: 'porthole-course', server: 'https://127.0.0.1:1', certificateAuthority: ca.certificate };
    writeFileSync(join(folder, 'old'), 'old', { mode: 0o644 });
    writeKubeconfig(file, { ...entry, client: admin });
    const config = JSON.parse(readFileSync(file, 'utf8'));
    expect(config['current-context']).toBe('porthole-course');
    expect(config.clusters[0].cluster.server).toBe('https://127.0.0.1:1');
    expect(Buffer.from(config.users[0].user['client-key-data'], 'base64').toString()).toBe(admin.key);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    writeKubeconfig(join(folder, 'old'), { ...entry, client: admin });
    if (process.platform !== 'win32') expect(statSync(join(folder, 'old')).mode & 0o777).toBe(0o600);
  });
});
