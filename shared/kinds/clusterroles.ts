import type { ClusterRole } from '../kubernetes/objects';
import { clusterRoles } from '../kubernetes/resources';
import { defineKind } from './kind';
import { ruleColumns } from './rbac';

export const clusterRoleKind = defineKind<ClusterRole>({
  resource: clusterRoles,
  title: 'Cluster Roles',
  about: 'A cluster role lists what may be done in the whole cluster, or, bound by a role binding, in one namespace.',
  shortNames: [],
  group: 'access',
  columns: [
    ...ruleColumns<ClusterRole>(),
    {
      id: 'aggregated',
      title: 'Aggregated',
      type: 'boolean',
      wide: true,
      value: ({ aggregationRule }) => aggregationRule !== undefined,
    },
  ],
  health: () => ({ state: 'neutral', label: '' }),
});
