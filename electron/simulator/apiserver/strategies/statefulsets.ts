import type { StatefulSet } from '../../../../shared/kubernetes/objects';
import { statefulSets } from '../../../../shared/kubernetes/resources';
import { statefulSetPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { hostNameWarnings, templateWarnings } from '../validation/pod-warnings';
import { validateStatefulSet, validateStatefulSetUpdate } from '../validation/workloads';
import { applyClaimSpecDefaults, applyTemplateDefaults, specOf } from './pod-defaults';
import { scaleByReplicas } from './replicas';

export const statefulSetDefinition: ResourceDefinition<StatefulSet> = {
  resource: statefulSets,
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  hasStatus: true,
  printer: statefulSetPrinter,
  strategy: {
    applyDefaults(set) {
      const spec = specOf(set);
      spec.replicas ??= 1;
      applyTemplateDefaults(spec);
      spec.podManagementPolicy ||= 'OrderedReady';
      spec.updateStrategy ??= {};
      spec.updateStrategy.type ||= 'RollingUpdate';
      if (spec.updateStrategy.type === 'RollingUpdate') {
        spec.updateStrategy.rollingUpdate = { partition: 0, ...spec.updateStrategy.rollingUpdate };
      }
      spec.persistentVolumeClaimRetentionPolicy = {
        whenDeleted: 'Retain',
        whenScaled: 'Retain',
        ...spec.persistentVolumeClaimRetentionPolicy,
      };
      spec.revisionHistoryLimit ??= 10;
      for (const claim of spec.volumeClaimTemplates ?? []) {
        claim.apiVersion ||= 'v1';
        claim.kind ||= 'PersistentVolumeClaim';
        claim.spec ??= {};
        applyClaimSpecDefaults(claim.spec);
        claim.status ??= {};
        claim.status.phase ||= 'Pending';
      }
    },
    prepareForCreate(set) {
      set.status = { availableReplicas: 0, replicas: 0 };
    },
    validate: validateStatefulSet,
    warnings: ({ metadata, spec }) => [
      ...hostNameWarnings(metadata.name, 'Pod names and hostnames'),
      ...templateWarnings(spec?.template, 'spec.template'),
    ],
    validateUpdate: validateStatefulSetUpdate,
  },
  scale: scaleByReplicas(),
};
