import { pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { APIService } from '../../../../shared/kubernetes/objects';
import { apiServices } from '../../../../shared/kubernetes/resources';
import { timestamp } from '../../clock';
import { apiServicePrinter } from '../printers/api-service';
import { ALL_METADATA, type ResourceDefinition } from '../registry/definition';
import { validateApiService, validateApiServiceStatus } from '../validation/api-service';
import { specOf } from './pod-defaults';

/** kube-aggregator/pkg/registry/apiservice/strategy.go */
export const apiServiceDefinition: ResourceDefinition<APIService> = {
  resource: apiServices,
  singular: 'apiservice',
  shortNames: [],
  categories: ['api-extensions'],
  hasStatus: true,
  printer: apiServicePrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    applyDefaults(apiService) {
      const spec = specOf(apiService);
      spec.groupPriorityMinimum ??= 0;
      spec.versionPriority ??= 0;
      if (spec.service !== undefined) spec.service.port ??= 443;
      apiService.status ??= {};
    },
    prepareForCreate(apiService, { clock }) {
      apiService.status = {};
      if (apiService.spec?.service !== undefined) return;
      // What the server answers itself is available at once.
      apiService.status.conditions = [
        {
          type: 'Available',
          status: 'True',
          reason: 'Local',
          message: 'Local APIServices are always available',
          lastTransitionTime: timestamp(clock),
        },
      ];
    },
    validateName: pathSegmentProblems,
    validate: validateApiService,
    validateStatusUpdate: validateApiServiceStatus,
    statusKeeps: ALL_METADATA,
    resetFields: { '': [['f:status']], status: [['f:spec'], ['f:metadata']] },
  },
};
