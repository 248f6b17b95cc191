import type { ResourceQuota } from '../../../../shared/kubernetes/objects';
import { resourceQuotas } from '../../../../shared/kubernetes/resources';
import { resourceQuotaPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { validateResourceQuota } from '../validation/resource-quota';
import { immutable } from '../validation/values';
import { canonicalize, specOf } from './pod-defaults';

export const resourceQuotaDefinition: ResourceDefinition<ResourceQuota> = {
  resource: resourceQuotas,
  singular: 'resourcequota',
  shortNames: ['quota'],
  categories: [],
  hasStatus: true,
  printer: resourceQuotaPrinter,
  strategy: {
    applyDefaults(quota) {
      canonicalize(specOf(quota).hard);
      canonicalize(quota.status?.hard);
      canonicalize(quota.status?.used);
    },
    prepareForCreate(quota) {
      quota.status = {};
    },
    validate: validateResourceQuota,
    validateUpdate: ({ spec }, { spec: old }) =>
      immutable([...(spec?.scopes ?? [])].sort(), [...(old?.scopes ?? [])].sort(), 'spec.scopes'),
  },
};
