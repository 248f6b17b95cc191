import { generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clients, clientsAvailable, startClients } from '../../support/kubectl';
import { temporaryFolder } from '../../support/paths';
import { type RunningSimulator, startSimulator } from '../../support/simulator';

describe.skipIf(!clientsAvailable)('certificates by kubectl', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let simulator: RunningSimulator;
  let clients: Clients;

  beforeAll(async () => {
    folder = await temporaryFolder('certificates');
    simulator = await startSimulator({ preset: 'empty', seed: 1 });
    clients = await startClients(simulator.kubeconfig);
  }, 120_000);

  afterAll(async () => {
    await clients?.remove();
    await simulator?.stop();
    await folder?.remove();
  });

  const kubectl = (args: string[], stdin?: string) => clients.succeed(args, stdin);

  /** A key of one's own and the request for a certificate that goes with it. */
  async function request(name: string, signerName: string, subject: string, usages: string[]): Promise<string> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const imported = (key: typeof privateKey, type: 'pkcs8' | 'spki', use: 'sign' | 'verify') =>
      webcrypto.subtle.importKey(type, key.export({ type, format: 'der' }), algorithm, true, [use]);
    const wanted = await Pkcs10CertificateRequestGenerator.create({
      name: subject,
      keys: {
        privateKey: await imported(privateKey, 'pkcs8', 'sign'),
        publicKey: await imported(publicKey, 'spki', 'verify'),
      },
      signingAlgorithm: algorithm,
    });
    await kubectl(
      ['create', '-f', '-'],
      JSON.stringify({
        apiVersion: 'certificates.k8s.io/v1',
        kind: 'CertificateSigningRequest',
        metadata: { name },
        spec: {
          request: Buffer.from(wanted.toString('pem')).toString('base64'),
          signerName,
          usages,
          expirationSeconds: 3600,
        },
      }),
    );
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  it('lets a person in with a certificate that was asked for, approved and signed', async () => {
    const key = await request('anna', 'kubernetes.io/kube-apiserver-client', 'CN=anna,O=developers', ['client auth']);
    expect(await kubectl(['get', 'csr', 'anna', '--no-headers'])).toMatch(/kubernetes-admin +60m +Pending\n$/);
    expect(await kubectl(['certificate', 'approve', 'anna'])).toBe(
      'certificatesigningrequest.certificates.k8s.io/anna approved\n',
    );
    await kubectl(['wait', '--for=jsonpath={.status.certificate}', 'csr/anna', '--timeout=20s']);
    expect(await kubectl(['get', 'csr', 'anna', '--no-headers'])).toMatch(/Approved,Issued\n$/);
    const encoded = await kubectl(['get', 'csr', 'anna', '-o', 'jsonpath={.status.certificate}']);
    const pem = Buffer.from(encoded, 'base64').toString();
    const certificate = new X509Certificate(pem);
    expect(certificate.subject.split('\n').sort()).toEqual(['CN=anna', 'O=developers']);
    expect(Date.parse(certificate.validTo) - Date.now()).toBeLessThanOrEqual(3600_000);

    await writeFile(join(folder.path, 'anna.crt'), pem);
    await writeFile(join(folder.path, 'anna.key'), key);
    const as = ['--client-certificate', join(folder.path, 'anna.crt'), '--client-key', join(folder.path, 'anna.key')];
    await kubectl(['config', 'set-credentials', 'anna', ...as]);
    expect(await kubectl(['--user', 'anna', 'auth', 'whoami'])).toMatch(
      /Username +anna\nGroups +\[developers system:authenticated\]/,
    );
    const refused = await clients.kubectl(['--user', 'anna', 'get', 'pods']);
    expect(refused.stderr).toContain('User "anna" cannot list resource "pods"');
    await kubectl(['create', 'rolebinding', 'readers', '--clusterrole=view', '--group=developers']);
    expect(await kubectl(['--user', 'anna', 'get', 'pods', '-o', 'name'])).toBe('');
  });

  it('signs nothing that was denied, or that its signer does not sign', async () => {
    await request('denied', 'kubernetes.io/kube-apiserver-client', 'CN=bert', ['client auth']);
    await kubectl(['certificate', 'deny', 'denied']);
    expect(await kubectl(['get', 'csr', 'denied', '--no-headers'])).toMatch(/Denied\n$/);
    await request('server', 'kubernetes.io/kube-apiserver-client', 'CN=carla', ['server auth']);
    await kubectl(['certificate', 'approve', 'server']);
    await kubectl(['wait', '--for=condition=Failed', 'csr/server', '--timeout=20s']);
    expect(
      await kubectl(['get', 'csr', 'server', '-o', 'jsonpath={.status.conditions[?(@.type=="Failed")].message}']),
    ).toBe('invalid usage for client certificate: server auth');
    expect(await kubectl(['get', 'csr', 'denied', '-o', 'jsonpath={.status.certificate}'])).toBe('');
  });

  it('approves a node’s own certificate by itself', async () => {
    const usages = ['client auth', 'digital signature'];
    await request(
      'node',
      'kubernetes.io/kube-apiserver-client-kubelet',
      'O=system:nodes,CN=system:node:worker-9',
      usages,
    );
    await kubectl(['wait', '--for=jsonpath={.status.certificate}', 'csr/node', '--timeout=20s']);
    expect(await kubectl(['get', 'csr', 'node', '-o', 'jsonpath={.status.conditions[0].reason}'])).toBe('AutoApproved');
  });
});
