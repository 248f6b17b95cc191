import type { SigningRequest } from '../../signing-request';

const NODES = 'system:nodes';
const NODE_PREFIX = 'system:node:';

const CLIENT_USAGES = ['client auth', 'digital signature', 'key encipherment'];
const SERVING_USAGES = ['digital signature', 'key encipherment', 'server auth'];
/** Only RSA keys encipher keys. */
const OPTIONAL = 'key encipherment';

/**
 * Why a kubelet's client certificate is not made of this, if so (pkg/apis/certificates/helpers.go,
 * `ValidateKubeletClientCSR`).
 */
export function kubeletClientProblem(request: SigningRequest, usages: readonly string[]): string | undefined {
  if (!isOfNodes(request)) return 'subject organization is not system:nodes';
  if (request.dnsNames.length > 0) return 'DNS subjectAltNames are not allowed';
  if (request.emails.length > 0) return 'Email subjectAltNames are not allowed';
  if (request.addresses.length > 0) return 'IP subjectAltNames are not allowed';
  if (request.uris.length > 0) return 'URI subjectAltNames are not allowed';
  return nameProblem(request) ?? usagesProblem(usages, CLIENT_USAGES);
}

/** The same for its serving certificate (`ValidateKubeletServingCSR`). */
export function kubeletServingProblem(request: SigningRequest, usages: readonly string[]): string | undefined {
  if (!isOfNodes(request)) return 'subject organization is not system:nodes';
  if (request.dnsNames.length === 0 && request.addresses.length === 0) return 'DNS or IP subjectAltName is required';
  if (request.emails.length > 0) return 'Email subjectAltNames are not allowed';
  if (request.uris.length > 0) return 'URI subjectAltNames are not allowed';
  return usagesProblem(usages, SERVING_USAGES) ?? nameProblem(request);
}

function isOfNodes({ organizations }: SigningRequest): boolean {
  return organizations.length === 1 && organizations[0] === NODES;
}

function nameProblem({ commonName }: SigningRequest): string | undefined {
  return commonName.startsWith(NODE_PREFIX) ? undefined : `subject common name does not begin with ${NODE_PREFIX}`;
}

function usagesProblem(usages: readonly string[], required: readonly string[]): string | undefined {
  const isMissing = required.some((usage) => usage !== OPTIONAL && !usages.includes(usage));
  if (isMissing || usages.some((usage) => !required.includes(usage))) {
    return `usages did not match [${required.join(' ')}]`;
  }
  return undefined;
}
