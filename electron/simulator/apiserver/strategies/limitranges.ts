import type { LimitRange } from '../../../../shared/kubernetes/objects';
import { limitRanges } from '../../../../shared/kubernetes/resources';
import { createdAtPrinter } from '../printers/columns';
import type { ResourceDefinition } from '../registry/definition';
import { validateLimitRange } from '../validation/limit-range';
import { canonicalize, specOf } from './pod-defaults';

export const limitRangeDefinition: ResourceDefinition<LimitRange> = {
  resource: limitRanges,
  singular: 'limitrange',
  shortNames: ['limits'],
  categories: [],
  hasStatus: false,
  printer: createdAtPrinter,
  strategy: {
    allowCreateOnUpdate: true,
    applyDefaults(range) {
      const spec = specOf(range);
      for (const item of spec.limits ?? []) {
        for (const list of [item.min, item.max, item.default, item.defaultRequest, item.maxLimitRequestRatio]) {
          canonicalize(list);
        }
        if (item.type !== 'Container') continue;
        item.default = { ...item.max, ...item.default };
        item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest };
      }
    },
    validate: validateLimitRange,
  },
};
