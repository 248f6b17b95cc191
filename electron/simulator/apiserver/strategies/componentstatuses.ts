import type { ComponentStatus } from '../../../../shared/kubernetes/objects';
import { componentStatuses } from '../../../../shared/kubernetes/resources';
import { column, nameColumn, nameOf } from '../printers/columns';
import type { ResourceDefinition } from '../registry/definition';

/** A part of the cluster that a person can switch off. */
export type Component = 'controller-manager' | 'scheduler';

/** Where upstream's server looks for each. */
const PORTS: Readonly<Record<Component, number>> = { 'controller-manager': 10_257, scheduler: 10_259 };

function healthOf(component: Component, absent: readonly Component[]): ComponentStatus {
  if (!absent.includes(component)) return componentStatus(component, 'True', 'ok');
  const host = `127.0.0.1:${PORTS[component]}`;
  const message = `Get "https://${host}/healthz": dial tcp ${host}: connect: connection refused`;
  return componentStatus(component, 'False', message);
}

const componentStatus = (name: string, status: string, message: string): ComponentStatus => ({
  apiVersion: 'v1',
  kind: 'ComponentStatus',
  metadata: { name },
  conditions: [{ type: 'Healthy', status, message }],
});

/**
 * How the other parts of the cluster are (pkg/registry/core/componentstatus/rest.go). Here they are parts of one process.
 * @param absent those that do not run.
 */
export const componentStatusDefinition = (absent: readonly Component[] = []): ResourceDefinition<ComponentStatus> => ({
  resource: componentStatuses,
  singular: 'componentstatus',
  shortNames: ['cs'],
  categories: [],
  hasStatus: false,
  verbs: ['get', 'list'],
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  strategy: {},
  compute: () => [
    healthOf('controller-manager', absent),
    healthOf('scheduler', absent),
    componentStatus('etcd-0', 'True', 'ok'),
  ],
  printer: {
    columns: [
      nameColumn,
      column('Status', 'Whether the component is well.'),
      column('Message', 'What it says of itself.'),
      column('Error', 'What went wrong in asking it.'),
    ],
    cells(component) {
      const healthy = component.conditions?.find(({ type }) => type === 'Healthy');
      if (healthy === undefined) return [nameOf(component), 'Unknown', '', ''];
      const { status, message = '', error = '' } = healthy;
      return [nameOf(component), status === 'True' ? 'Healthy' : 'Unhealthy', message, error];
    },
  },
});
