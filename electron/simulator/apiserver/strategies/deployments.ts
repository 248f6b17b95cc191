import { isDeepStrictEqual } from 'node:util';
import type { Deployment } from '../../../../shared/kubernetes/objects';
import { deployments } from '../../../../shared/kubernetes/resources';
import { deploymentPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { validateDeployment } from '../validation/deployments';
import { immutable } from '../validation/values';
import { validateDeploymentStatus } from '../validation/workload-status';
import { workloadWarnings } from '../validation/workload-warnings';
import { applyTemplateDefaults, specOf } from './pod-defaults';
import { scaleByReplicas } from './replicas';

export const deploymentDefinition: ResourceDefinition<Deployment> = {
  resource: deployments,
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  hasStatus: true,
  printer: deploymentPrinter,
  strategy: {
    applyDefaults(deployment) {
      const spec = specOf(deployment);
      spec.replicas ??= 1;
      applyTemplateDefaults(spec);
      spec.strategy ??= {};
      spec.strategy.type ||= 'RollingUpdate';
      if (spec.strategy.type === 'RollingUpdate') {
        spec.strategy.rollingUpdate = { maxSurge: '25%', maxUnavailable: '25%', ...spec.strategy.rollingUpdate };
      }
      spec.revisionHistoryLimit ??= 10;
      spec.progressDeadlineSeconds ??= 600;
    },
    prepareForCreate(deployment) {
      deployment.status = {};
    },
    validate: validateDeployment,
    warnings: workloadWarnings,
    validateUpdate: (deployment, old) => immutable(deployment.spec?.selector, old.spec?.selector, 'spec.selector'),
    validateStatusUpdate: validateDeploymentStatus,
    statusKeeps: ['labels'],
    // Rollbacks were once asked for by annotation, which is why annotations count.
    bumpsGeneration: (deployment, old) =>
      !isDeepStrictEqual(deployment.spec, old.spec) ||
      !isDeepStrictEqual(deployment.metadata.annotations ?? {}, old.metadata.annotations ?? {}),
  },
  scale: scaleByReplicas(),
};
