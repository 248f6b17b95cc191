import type { ReplicationController } from '../../../../shared/kubernetes/objects';
import { replicationControllers } from '../../../../shared/kubernetes/resources';
import { formatLabelSelector } from '../../../../shared/kubernetes/selectors';
import { replicationControllerPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { validateReplicationController } from '../validation/replicationcontrollers';
import { validateReplicaSetStatus } from '../validation/workload-status';
import { specWarnings, workloadWarnings } from '../validation/workload-warnings';
import { applyTemplateDefaults, specOf } from './pod-defaults';

export const replicationControllerDefinition: ResourceDefinition<ReplicationController> = {
  resource: replicationControllers,
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  hasStatus: true,
  printer: replicationControllerPrinter,
  strategy: {
    applyDefaults(controller) {
      const spec = specOf(controller);
      spec.replicas ??= 1;
      // Unlike the later kinds' templates, this one may be missing until validation says so.
      if (spec.template !== undefined) applyTemplateDefaults(spec);
      const labels = spec.template?.metadata?.labels;
      if (labels === undefined) return;
      if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
      if (Object.keys(controller.metadata.labels ?? {}).length === 0) controller.metadata.labels = { ...labels };
    },
    prepareForCreate(controller) {
      controller.status = { replicas: 0 };
    },
    validate: validateReplicationController,
    validateStatusUpdate: validateReplicaSetStatus,
    // From a time when clients took the pods down themselves.
    defaultPropagation: 'Orphan',
    // Upstream mixes up old and new here: it warns of what was there before.
    warnings: (controller, old) =>
      old === undefined
        ? workloadWarnings(controller, old)
        : specWarnings({ ...old, metadata: controller.metadata }, old),
  },
  fieldLabels: { 'status.replicas': (controller) => String(controller.status?.replicas ?? 0) },
  scale: {
    replicas: (controller) => controller.spec?.replicas ?? 0,
    statusReplicas: (controller) => controller.status?.replicas ?? 0,
    selector: (controller) => formatLabelSelector({ matchLabels: controller.spec?.selector ?? {} }),
    setReplicas: (controller, replicas) => {
      specOf(controller).replicas = replicas;
    },
  },
};
