import { messageOf } from '../../../shared/error-message';
import { StatusError } from '../../../shared/kubernetes/status-error';
import { CredentialsError, TimeoutError } from './requests';

/** Why a cluster cannot be talked to, in the words of the connection's state. */
export interface ConnectionFailure {
  readonly state: 'unreachable' | 'untrusted' | 'unauthorized';
  readonly message: string;
}

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up (no answer from DNS)',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to its network',
  ETIMEDOUT: 'the connection timed out',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
};

const untrusted: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: "its certificate is not valid yet (or this machine's clock is wrong)",
  CERT_REVOKED: 'its certificate was revoked',
  CERT_UNTRUSTED: 'its certificate is not trusted',
  CERT_REJECTED: 'its certificate was rejected',
  CERT_SIGNATURE_FAILURE: "its certificate's signature does not fit the certificate authority of the kubeconfig",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself and the kubeconfig does not trust it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that the kubeconfig does not trust',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an authority that the kubeconfig does not trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that the kubeconfig does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that the kubeconfig does not trust',
};

/** Says what an error of a request means for the connection, or nothing when it is about that request alone. */
export function connectionFailure(error: unknown, server: URL): ConnectionFailure | undefined {
  const host = server.host;
  if (error instanceof StatusError) {
    if (error.code !== 401) return undefined;
    return { state: 'unauthorized', message: `${host} does not accept the credentials: ${error.message}` };
  }
  if (error instanceof CredentialsError) {
    return { state: 'unauthorized', message: `the credentials for ${host} could not be had: ${error.message}` };
  }
  if (error instanceof TimeoutError) return { state: 'unreachable', message: `${host}: ${error.message}` };
  const code = codeOf(error);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = certifiedNames(error);
    return { state: 'untrusted', message: `${host}: its certificate is for another address (${names})` };
  }
  const distrust = untrusted[code];
  if (distrust !== undefined) return { state: 'untrusted', message: `${host}: ${distrust} (${code})` };
  // The server refused our certificate during the handshake: alerts such as "bad certificate", "unknown ca".
  if (/^ERR_SSL_.*ALERT.*(CERTIFICATE|UNKNOWN_CA)/.test(code)) {
    return { state: 'unauthorized', message: `${host} refuses the client certificate (${code})` };
  }
  if (/^ERR_(SSL|OSSL)_.*(PEM|KEY|ASN1|X509)/.test(code)) {
    return { state: 'unauthorized', message: `the client certificate or key cannot be used: ${messageOf(error)}` };
  }
  return { state: 'unreachable', message: `${host}: ${unreachable[code] ?? messageOf(error)}` };
}

/** The code of an error, or of the first error inside it: connecting to several addresses fails with several. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}

/** The names in the certificate that a TLS error carries. */
function certifiedNames(error: unknown): string {
  const certificate = typeof error === 'object' && error !== null && 'cert' in error ? error.cert : undefined;
  if (typeof certificate !== 'object' || certificate === null || !('subjectaltname' in certificate)) return 'no names';
  return String(certificate.subjectaltname);
}
