import type { Status } from '../../../../shared/kubernetes/objects';
import { groupResourceOf } from '../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../shared/kubernetes/status-error';
import type { AdmissionRequest } from './plugin';

type Causes = NonNullable<NonNullable<Status['details']>['causes']>;

/** A plugin's refusal, as upstream's `admission.NewForbidden` puts it. */
export function forbidden(request: AdmissionRequest, message: string, causes: Causes = []): StatusError {
  const { group, resource } = request.attributes;
  const metadata = request.object?.metadata ?? request.oldObject?.metadata;
  const name = request.attributes.name || metadata?.name || metadata?.generateName || '';
  return new StatusError({
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    message: `${groupResourceOf({ group, resource })} "${name}" is forbidden: ${message}`,
    reason: 'Forbidden',
    details: {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      kind: resource,
      ...(causes.length === 0 ? {} : { causes }),
    },
    code: 403,
  });
}
