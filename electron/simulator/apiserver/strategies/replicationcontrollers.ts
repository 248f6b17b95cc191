import type { ReplicationController } from '../../../../shared/kubernetes/objects';
import { replicationControllers } from '../../../../shared/kubernetes/resources';
import { formatLabelSelector } from '../../../../shared/kubernetes/selectors';
import { replicationControllerPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { validateReplicationController } from '../validation/workloads';
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
      applyTemplateDefaults(spec);
      const labels = spec.template?.metadata?.labels;
      if (labels === undefined) return;
      if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
      if (Object.keys(controller.metadata.labels ?? {}).length === 0) controller.metadata.labels = { ...labels };
    },
    prepareForCreate(controller) {
      controller.status = { replicas: 0 };
    },
    validate: validateReplicationController,
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
