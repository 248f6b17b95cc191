import type { ReplicaSet } from '../../../../shared/kubernetes/objects';
import { replicaSets } from '../../../../shared/kubernetes/resources';
import { replicaSetPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { validateReplicaSet } from '../validation/deployments';
import { immutable } from '../validation/values';
import { validateReplicaSetStatus } from '../validation/workload-status';
import { workloadWarnings } from '../validation/workload-warnings';
import { applyTemplateDefaults, specOf } from './pod-defaults';
import { scaleByReplicas } from './replicas';

export const replicaSetDefinition: ResourceDefinition<ReplicaSet> = {
  resource: replicaSets,
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  hasStatus: true,
  printer: replicaSetPrinter,
  strategy: {
    applyDefaults(set) {
      const spec = specOf(set);
      spec.replicas ??= 1;
      applyTemplateDefaults(spec);
    },
    prepareForCreate(set) {
      set.status = { replicas: 0 };
    },
    validate: validateReplicaSet,
    warnings: workloadWarnings,
    validateUpdate: (set, old) => immutable(set.spec?.selector, old.spec?.selector, 'spec.selector'),
    validateStatusUpdate: validateReplicaSetStatus,
  },
  scale: scaleByReplicas(),
};
