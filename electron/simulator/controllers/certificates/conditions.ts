import type { CertificateSigningRequest } from '../../../../shared/kubernetes/objects';

/** Whom all controllers of certificates act as. */
export const CERTIFICATE_CONTROLLER = 'system:serviceaccount:kube-system:certificate-controller';

export function isIssued({ status }: CertificateSigningRequest): boolean {
  return Boolean(status?.certificate);
}
