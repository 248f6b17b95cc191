import { dns1123LabelProblems } from '../../../../shared/kubernetes/label-syntax';
import type { StatefulSet } from '../../../../shared/kubernetes/objects';
import { statefulSets } from '../../../../shared/kubernetes/resources';
import { statefulSetPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { maskTrailingDash } from '../registry/object-meta';
import { claimSpecWarnings } from '../validation/persistent-volume-claim';
import { validateStatefulSet, validateStatefulSetCreate, validateStatefulSetUpdate } from '../validation/statefulsets';
import { validateStatefulSetStatus } from '../validation/workload-status';
import { specWarnings } from '../validation/workload-warnings';
import { applyClaimSpecDefaults, applyTemplateDefaults, specOf } from './pod-defaults';
import { scaleByReplicas } from './replicas';

/** Drops what the feature gate MaxUnavailableStatefulSet, off by default, would bring. */
function dropDisabled(set: StatefulSet, old: StatefulSet | undefined): void {
  if (old?.spec?.updateStrategy?.rollingUpdate?.maxUnavailable !== undefined) return;
  delete set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable;
}

function claimWarnings({ spec }: StatefulSet, isNew: boolean): string[] {
  const { volumeClaimTemplates = [], revisionHistoryLimit } = spec ?? {};
  const warnings = volumeClaimTemplates.flatMap((claim, index) =>
    // Upstream's paths, of which neither is right.
    claimSpecWarnings(claim.spec, `spec.volumeClaimTemplates[${index}]${isNew ? '' : '.Spec'}`),
  );
  if (revisionHistoryLimit !== undefined && revisionHistoryLimit < 0) {
    const text = 'a negative value retains all historical revisions; a value >= 0 is recommended';
    warnings.push(`spec.revisionHistoryLimit: ${text}`);
  }
  return warnings;
}

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
      spec.serviceName ??= '';
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
        applyClaimSpecDefaults(specOf(claim));
        claim.status ??= {};
        claim.status.phase ||= 'Pending';
      }
    },
    prepareForCreate(set) {
      set.status = { availableReplicas: 0, replicas: 0 };
      dropDisabled(set, undefined);
    },
    prepareForUpdate(set, old) {
      if (old.status === undefined) delete set.status;
      else set.status = old.status;
      dropDisabled(set, old);
    },
    validate: validateStatefulSet,
    validateCreate: validateStatefulSetCreate,
    validateName: (name, isPrefix) => dns1123LabelProblems(isPrefix ? maskTrailingDash(name) : name),
    warnings: (set, old) => [...specWarnings(set, old), ...claimWarnings(set, old === undefined)],
    validateUpdate: validateStatefulSetUpdate,
    validateStatusUpdate: validateStatefulSetStatus,
  },
  scale: scaleByReplicas(),
};
