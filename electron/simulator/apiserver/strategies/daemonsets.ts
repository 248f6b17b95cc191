import { isDeepStrictEqual } from 'node:util';
import type { DaemonSet } from '../../../../shared/kubernetes/objects';
import { daemonSets } from '../../../../shared/kubernetes/resources';
import { daemonSetPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { validateDaemonSet } from '../validation/daemonsets';
import { immutable } from '../validation/values';
import { validateDaemonSetStatus } from '../validation/workload-status';
import { changedTemplateWarnings } from '../validation/workload-warnings';
import { applyTemplateDefaults, specOf } from './pod-defaults';

/** How often the template has changed: upstream's internal type has a field for it, v1 an annotation. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

function templateGeneration({ metadata }: DaemonSet): number {
  const text = metadata.annotations?.[TEMPLATE_GENERATION] ?? '';
  return /^-?\d+$/.test(text) ? Number(text) : 0;
}

function setTemplateGeneration({ metadata }: DaemonSet, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
}

export const daemonSetDefinition: ResourceDefinition<DaemonSet> = {
  resource: daemonSets,
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  hasStatus: true,
  printer: daemonSetPrinter,
  strategy: {
    applyDefaults(set) {
      const spec = specOf(set);
      applyTemplateDefaults(spec);
      spec.updateStrategy ??= {};
      spec.updateStrategy.type ||= 'RollingUpdate';
      if (spec.updateStrategy.type === 'RollingUpdate') {
        spec.updateStrategy.rollingUpdate = { maxUnavailable: 1, ...spec.updateStrategy.rollingUpdate };
      }
      // Upstream's internal type has no word for absence.
      const { rollingUpdate } = spec.updateStrategy;
      if (rollingUpdate !== undefined) {
        rollingUpdate.maxUnavailable ??= 0;
        rollingUpdate.maxSurge ??= 0;
      }
      spec.revisionHistoryLimit ??= 10;
      setTemplateGeneration(set, templateGeneration(set));
    },
    prepareForCreate(set) {
      set.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
      setTemplateGeneration(set, Math.max(templateGeneration(set), 1));
    },
    prepareForUpdate(set, old) {
      if (old.status === undefined) delete set.status;
      else set.status = old.status;
      const changes = isDeepStrictEqual(set.spec?.template, old.spec?.template) ? 0 : 1;
      setTemplateGeneration(set, templateGeneration(old) + changes);
    },
    validateCreate: validateDaemonSet,
    warnings: changedTemplateWarnings,
    validateUpdate: (set, old) => [
      ...immutable(set.spec?.selector, old.spec?.selector, 'spec.selector'),
      ...validateDaemonSet(set),
    ],
    validateStatusUpdate: validateDaemonSetStatus,
  },
};
