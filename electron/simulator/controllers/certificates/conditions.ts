import type { CertificateSigningRequest } from '../../../../shared/kubernetes/objects';

type Condition = NonNullable<NonNullable<CertificateSigningRequest['status']>['conditions']>[number];

/** Whom all controllers of certificates act as. */
export const CERTIFICATE_CONTROLLER = 'system:serviceaccount:kube-system:certificate-controller';

export function conditionOf({ status }: CertificateSigningRequest, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** The request with one more condition. */
export function withCondition(request: CertificateSigningRequest, condition: Condition): CertificateSigningRequest {
  const { status } = request;
  return { ...request, status: { ...status, conditions: [...(status?.conditions ?? []), condition] } };
}

export function isIssued({ status }: CertificateSigningRequest): boolean {
  return Boolean(status?.certificate);
}
