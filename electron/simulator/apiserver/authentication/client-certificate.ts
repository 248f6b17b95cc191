import type { TLSSocket } from 'node:tls';
import type { UserInfo } from '../../client';
import { unauthorized } from './unauthorized';
import { AUTHENTICATED } from './users';

/** A connection's certificate does not change, so neither does its user. */
const known = new WeakMap<TLSSocket, UserInfo>();

/**
 * The user of a connection's client certificate: the common name, with the organizations as groups.
 * @returns `undefined` when the client has presented none.
 * @throws StatusError 401 when the certificate is not of the cluster's CA, or is out of date.
 */
export function certificateUser(socket: TLSSocket): UserInfo | undefined {
  const before = known.get(socket);
  if (before !== undefined) return before;
  const certificate = socket.getPeerCertificate();
  // An empty object stands for no certificate.
  if (certificate?.subject === undefined) return undefined;
  if (!socket.authorized) throw unauthorized();
  const { CN, O } = certificate.subject as { CN?: string | string[]; O?: string | string[] };
  const name = Array.isArray(CN) ? CN.at(-1) : CN;
  if (name === undefined || name === '') return undefined;
  const user: UserInfo = {
    name,
    groups: [...(O === undefined ? [] : [O].flat()), AUTHENTICATED],
    extra: {
      'authentication.kubernetes.io/credential-id': [
        `X509SHA256=${certificate.fingerprint256.replaceAll(':', '').toLowerCase()}`,
      ],
    },
  };
  known.set(socket, user);
  return user;
}
