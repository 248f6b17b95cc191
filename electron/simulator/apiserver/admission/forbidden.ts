import type { Status } from '../../../../shared/kubernetes/objects';
import { StatusError } from '../../../../shared/kubernetes/status-error';
import { forbidden as forbiddenStatus } from '../status-errors';
import { nameOf } from './attributes';
import type { AdmissionRequest } from './plugin';

type Causes = NonNullable<NonNullable<Status['details']>['causes']>;

/** A plugin's refusal, as upstream's `admission.NewForbidden` puts it. */
export function forbidden(request: AdmissionRequest, message: string, causes: Causes = []): StatusError {
  const { group, resource } = request.attributes;
  const name = nameOf(request) || request.object?.metadata?.generateName || 'Unknown';
  const error = forbiddenStatus({ group, resource }, name, message);
  if (causes.length === 0) return error;
  return new StatusError({ ...error.status, details: { ...error.status.details, causes } });
}
