import type { DaemonSet } from '../../../../shared/kubernetes/objects';
import { daemonSets } from '../../../../shared/kubernetes/resources';
import { daemonSetPrinter } from '../printers/workloads';
import type { ResourceDefinition } from '../registry/definition';
import { templateWarnings } from '../validation/pod-warnings';
import { immutable } from '../validation/values';
import { validateDaemonSet } from '../validation/workloads';
import { applyTemplateDefaults, specOf } from './pod-defaults';

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
        spec.updateStrategy.rollingUpdate = { maxSurge: 0, maxUnavailable: 1, ...spec.updateStrategy.rollingUpdate };
      }
      spec.revisionHistoryLimit ??= 10;
    },
    prepareForCreate(set) {
      set.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    },
    validate: validateDaemonSet,
    warnings: ({ spec }) => [...templateWarnings(spec?.template, 'spec.template')],
    validateUpdate: (set, old) => immutable(set.spec?.selector, old.spec?.selector, 'spec.selector'),
  },
};
