import type { StatusError } from '../../../../shared/kubernetes/status-error';
import { failure } from '../status-errors';

/** What is answered to an identity that does not hold. It never says why. */
export function unauthorized(): StatusError {
  return failure(401, 'Unauthorized', 'Unauthorized');
}
