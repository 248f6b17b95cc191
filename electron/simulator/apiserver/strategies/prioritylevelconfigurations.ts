import type { PriorityLevelConfiguration } from '../../../../shared/kubernetes/objects';
import { priorityLevelConfigurations } from '../../../../shared/kubernetes/resources';
import { priorityLevelConfigurationPrinter } from '../printers/flow-control';
import { ALL_METADATA, type ResourceDefinition } from '../registry/definition';
import { validateFlowConditions, validatePriorityLevel } from '../validation/priority-level';
import { specOf } from './pod-defaults';

export const priorityLevelConfigurationDefinition: ResourceDefinition<PriorityLevelConfiguration> = {
  resource: priorityLevelConfigurations,
  singular: 'prioritylevelconfiguration',
  shortNames: [],
  categories: [],
  hasStatus: true,
  printer: priorityLevelConfigurationPrinter,
  strategy: {
    /** pkg/apis/flowcontrol/v1/defaults.go */
    applyDefaults(level) {
      const { exempt, limited } = specOf(level);
      level.status ??= {};
      if (exempt !== undefined) {
        exempt.nominalConcurrencyShares ??= 0;
        exempt.lendablePercent ??= 0;
      }
      if (limited === undefined) return;
      limited.nominalConcurrencyShares ??= 30;
      limited.lendablePercent ??= 0;
      limited.limitResponse ??= { type: '' };
      limited.limitResponse.type ??= '';
      const { queuing } = limited.limitResponse;
      if (queuing === undefined) return;
      queuing.handSize ||= 8;
      queuing.queues ||= 64;
      queuing.queueLengthLimit ||= 50;
    },
    prepareForCreate(level) {
      level.status = {};
    },
    validate: validatePriorityLevel,
    validateStatusUpdate: ({ status }) => validateFlowConditions(status?.conditions),
    statusKeeps: ALL_METADATA,
    resetFields: { '': [['f:status']], status: [['f:metadata'], ['f:spec']] },
  },
};
