import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { UserInfo } from '../../client';
import { SystemClock } from '../../clock';
import { withAuthenticated } from './users';

/** A user's uid in a certificate's subject (1.3.6.1.4.1.57683.2: `certificates.k8s.io` under the CNCF's own number). */
const UID = '1.3.6.1.4.1.57683.2';

/** The host's time: TLS clients and servers compare certificates with their own clock, not with the cluster's. */
const clock = new SystemClock();

interface Known {
  readonly user: UserInfo | undefined;
  /** Milliseconds since the epoch: a connection may outlive its certificate. */
  readonly validTo: number;
}

/** A connection's certificate does not change, so neither does its user. */
const known = new WeakMap<TLSSocket, Known>();

/**
 * The user of a connection's client certificate: the common name, with the organizations as groups
 * (apiserver/pkg/authentication/request/x509).
 * @returns `undefined` when the client has presented none, or one that names nobody.
 * @throws Error that says why the certificate does not hold: not of a CA that is trusted here, out of date, or not for clients.
 */
export function certificateUser(socket: TLSSocket): UserInfo | undefined {
  let found = known.get(socket);
  if (found === undefined) {
    const certificate = socket.getPeerCertificate();
    // An empty object stands for no certificate.
    if (certificate?.subject === undefined) return undefined;
    if (!socket.authorized) throw new Error(`verifying the certificate failed: ${String(socket.authorizationError)}`);
    found = { user: userOf(certificate), validTo: Date.parse(certificate.valid_to) };
    known.set(socket, found);
  }
  if (clock.now() > found.validTo) throw new Error('verifying the certificate failed: CERT_HAS_EXPIRED');
  return found.user;
}

function userOf({ subject, fingerprint256 }: PeerCertificate): UserInfo | undefined {
  const values: Readonly<Record<string, string | string[] | undefined>> = { ...subject };
  const name = [values.CN ?? []].flat().at(-1) ?? '';
  if (name === '') return undefined;
  const uids = [values[UID] ?? []].flat();
  if (uids.length > 1) throw new Error(`expected 1 UID, but found multiple: [${uids.join(' ')}]`);
  const [uid] = uids;
  if (uid === '') throw new Error('UID cannot be an empty string');
  const fingerprint = fingerprint256.replaceAll(':', '').toLowerCase();
  return {
    name,
    ...(uid === undefined ? {} : { uid }),
    groups: withAuthenticated([values.O ?? []].flat()),
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] },
  };
}
