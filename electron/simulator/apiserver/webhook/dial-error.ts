import { messageOf } from '../../../../shared/error-message';
import { hasCode } from '../../../error-code';

/** Errors that mean that a certificate is from nobody who is trusted. */
const UNKNOWN_AUTHORITY = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
];

/**
 * Why a connection could not be made, in the words of Go's `net`, `net/http` and `crypto/x509`, by which people look for help.
 * @param url where to.
 */
export function dialError(error: unknown, { hostname, port }: URL): string {
  const message = messageOf(error);
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return 'context deadline exceeded';
  }
  const address = `${hostname}:${port || 443}`;
  if (hasCode(error, 'ECONNREFUSED')) return `dial tcp ${address}: connect: connection refused`;
  if (hasCode(error, 'EHOSTUNREACH')) return `dial tcp ${address}: connect: no route to host`;
  if (hasCode(error, 'ENETUNREACH')) return `dial tcp ${address}: connect: network is unreachable`;
  if (hasCode(error, 'ENOTFOUND') || hasCode(error, 'EAI_AGAIN')) return `dial tcp: lookup ${hostname}: no such host`;
  if (UNKNOWN_AUTHORITY.some((code) => hasCode(error, code))) {
    return untrusted('certificate signed by unknown authority');
  }
  if (hasCode(error, 'ERR_TLS_CERT_ALTNAME_INVALID')) return untrusted(wrongName(message, hostname));
  if (hasCode(error, 'CERT_HAS_EXPIRED')) return untrusted('certificate has expired or is not yet valid');
  if (/wrong version number|packet length too long/i.test(message)) {
    return 'http: server gave HTTP response to HTTPS client';
  }
  if (hasCode(error, 'ECONNRESET')) return 'EOF';
  return message;
}

const untrusted = (why: string) => `tls: failed to verify certificate: x509: ${why}`;

/** What the certificate is for instead; Node says it in its message: `... is not in the cert's altnames: DNS:a, DNS:b`. */
function wrongName(message: string, hostname: string): string {
  const names = /altnames: (.*)$/.exec(message)?.[1] ?? /list: (.*)$/.exec(message)?.[1] ?? '';
  const listed = [...names.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, name]) => name);
  if (listed.length === 0) return `certificate is not valid for any names, but wanted to match ${hostname}`;
  return `certificate is valid for ${listed.join(', ')}, not ${hostname}`;
}
