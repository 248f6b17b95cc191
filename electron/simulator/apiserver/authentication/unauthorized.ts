import { StatusError } from '../../../../shared/kubernetes/status-error';

/** What is answered to an identity that does not hold. It never says why. */
export function unauthorized(): StatusError {
  return new StatusError({
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    message: 'Unauthorized',
    reason: 'Unauthorized',
    code: 401,
  });
}
