import type { Resource } from '../../../../shared/kubernetes/resources';
import { SIMULATOR_GROUP, SIMULATOR_VERSION } from '../../../../shared/kubernetes/simulator';
import { age, ageColumn, column, nameColumn, nameOf, wide } from '../printers/columns';
import { anyDefinition, type ResourceDefinition } from '../registry/definition';
import type { Store } from '../storage/store';
import type { TrailEvent } from './event';

/** The audit trail as a resource of the simulator's own group, so that kubectl can read it. */
export const auditEvents: Resource<TrailEvent> = {
  group: SIMULATOR_GROUP,
  version: SIMULATOR_VERSION,
  resource: 'auditevents',
  kind: 'AuditEvent',
  namespaced: false,
};

const definition: Omit<ResourceDefinition<TrailEvent>, 'store'> = {
  resource: auditEvents,
  singular: 'auditevent',
  shortNames: [],
  categories: [],
  hasStatus: false,
  verbs: ['get', 'list', 'watch'],
  strategy: {},
  printer: {
    columns: [
      nameColumn,
      column('User', 'Who made the request; whom it was made as.'),
      column('Verb', 'What was asked for.'),
      column('Object', 'What it was asked of: a resource with its names, or a path.'),
      column('Code', 'What it was answered with.', 'integer'),
      column('Decision', 'Whether it was authorized.'),
      ageColumn,
      wide('Reason', 'Why it was authorized, or refused.'),
      wide('User Agent', 'The program that made the request.'),
    ],
    cells: (event, now) => [
      nameOf(event),
      event.impersonatedUser?.username ?? event.user.username ?? '',
      event.verb,
      objectText(event),
      event.responseStatus?.code ?? 0,
      event.annotations?.['authorization.k8s.io/decision'] ?? '',
      age(event, now),
      event.responseStatus?.message ?? event.annotations?.['authorization.k8s.io/reason'] ?? '',
      event.userAgent ?? '',
    ],
  },
  fieldLabels: {
    verb: ({ verb }) => verb,
    auditID: ({ auditID }) => auditID,
    'user.username': ({ user }) => user.username ?? '',
    'objectRef.resource': ({ objectRef }) => objectRef?.resource ?? '',
    'objectRef.namespace': ({ objectRef }) => objectRef?.namespace ?? '',
    'objectRef.name': ({ objectRef }) => objectRef?.name ?? '',
    'responseStatus.code': ({ responseStatus }) => String(responseStatus?.code ?? ''),
  },
};

/**
 * @param store where the trail keeps its events.
 * @param catchUp puts those there that are not yet.
 */
export function auditEventDefinition(store: Store, catchUp: () => void): ResourceDefinition {
  return anyDefinition({ ...definition, store, beforeRead: catchUp });
}

/** `default/pods/web/log`, or the path. */
function objectText({ objectRef, requestURI }: TrailEvent): string {
  if (objectRef === undefined) return requestURI.split('?')[0] ?? '';
  const { namespace, resource, name, subresource } = objectRef;
  return [namespace, resource, name, subresource].filter((part) => part !== undefined).join('/');
}
