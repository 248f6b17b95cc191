import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { hasCode } from '../error-code';
import { ServiceRange } from './network/service-range';
import { makePrivateFolder, writePrivateFile } from './private-file';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What kubeadm keeps in `/etc/kubernetes/pki`. */
export interface ClusterCertificates {
  readonly ca: KeyPair;
  readonly server: KeyPair;
  /** The person's own: user `kubernetes-admin` of the group `kubeadm:cluster-admins`. */
  readonly admin: KeyPair;
  /** Signs ServiceAccount tokens: a private key for ES256, PEM. */
  readonly serviceAccountKey: string;
}

const DAY = 86_400_000;
const LIFETIME = 3650 * DAY;
/** What expires within this is made anew. */
const RENEWAL = 60 * DAY;

const SERVER_NAMES = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];
const SERVER_ADDRESSES = ['127.0.0.1', '::1'];

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

/**
 * The cluster's certificates: read from the folder where they are there and valid, made and written where not. Those who
 * hold a kubeconfig stay connected over restarts.
 * @param folder `undefined`: nothing is kept.
 * @param serviceAddress of the Service `kubernetes`: pods reach the server by it.
 */
export async function clusterCertificates(
  folder: string | undefined,
  serviceAddress = ServiceRange.default.address(1),
): Promise<ClusterCertificates> {
  const store = folder === undefined ? undefined : join(folder, 'pki');
  if (store !== undefined) makePrivateFolder(store);

  const read = (name: string): string | undefined => (store === undefined ? undefined : readIfThere(join(store, name)));
  const write = (name: string, text: string): void => {
    if (store !== undefined) writePrivateFile(join(store, name), text);
  };
  const pair = async (
    name: string,
    issuer: KeyPair | undefined,
    make: () => Promise<KeyPair>,
    address?: string,
  ): Promise<KeyPair> => {
    const certificate = read(`${name}.crt`);
    const key = read(`${name}.key`);
    if (certificate !== undefined && key !== undefined && isUsable(certificate, issuer, address))
      return { certificate, key };
    const made = await make();
    write(`${name}.key`, made.key);
    write(`${name}.crt`, made.certificate);
    return made;
  };

  const ca = await pair('ca', undefined, () =>
    issue([['commonName', 'kubernetes']], undefined, [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, keyCertSign: true, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'kubernetes' }] },
    ]),
  );
  const server = await pair(
    'apiserver',
    ca,
    () =>
      issue([['commonName', 'kube-apiserver']], ca, [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            ...SERVER_NAMES.map((value) => ({ type: 2 as const, value })),
            ...[...SERVER_ADDRESSES, serviceAddress].map((ip) => ({ type: 7 as const, ip })),
          ],
        },
      ]),
    serviceAddress,
  );
  const admin = await pair('admin', ca, () => issueClient(ca, 'kubernetes-admin', ['kubeadm:cluster-admins']));
  let serviceAccountKey = read('sa.key');
  if (serviceAccountKey === undefined) {
    serviceAccountKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }) as string;
    write('sa.key', serviceAccountKey);
  }
  return { ca, server, admin, serviceAccountKey };
}

/** A client certificate: the common name is the user, each organization a group. */
export function issueClient(ca: KeyPair, user: string, groups: readonly string[]): Promise<KeyPair> {
  return issue([...groups.map((group): [string, string] => ['organizationName', group]), ['commonName', user]], ca, [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', clientAuth: true },
  ]);
}

async function issue(
  subject: readonly (readonly [string, string])[],
  issuer: KeyPair | undefined,
  extensions: Extensions,
): Promise<KeyPair> {
  // The host's time, not the cluster's: TLS clients compare with their own clock.
  const now = Date.now();
  const made = await generate(
    subject.map(([name, value]) => ({ name, value })),
    {
      keyType: 'ec',
      algorithm: 'sha256',
      notBeforeDate: new Date(now - DAY),
      notAfterDate: new Date(now + LIFETIME),
      extensions,
      ...(issuer === undefined ? {} : { ca: { key: issuer.key, cert: issuer.certificate } }),
    },
  );
  return { certificate: made.cert, key: made.private };
}

/** Whether a stored certificate can be read, lasts, comes from the issuer and names the address. */
function isUsable(certificate: string, issuer: KeyPair | undefined, address: string | undefined): boolean {
  try {
    const parsed = new X509Certificate(certificate);
    if (Date.parse(parsed.validTo) - Date.now() < RENEWAL) return false;
    if (address !== undefined && parsed.checkIP(address) === undefined) return false;
    const signer = issuer === undefined ? parsed : new X509Certificate(issuer.certificate);
    return parsed.verify(signer.publicKey);
  } catch {
    // What cannot be parsed is made anew, as if it were missing.
    return false;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
