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
    empty: { spec: { limits: null } },
    allowCreateOnUpdate: true,
    applyDefaults(range) {
      const spec = specOf(range);
      // Go writes a list that nobody filled as null.
      if (spec.limits === undefined) Object.assign(spec, { limits: null });
      for (const item of spec.limits ?? []) {
        for (const list of [item.min, item.max, item.default, item.defaultRequest, item.maxLimitRequestRatio]) {
          canonicalize(list);
        }
        if (item.type !== 'Container') continue;
        item.default = { ...item.max, ...item.default };
        item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest };
      }
    },
    prepareForCreate: emptyLimits,
    prepareForUpdate: emptyLimits,
    validate: validateLimitRange,
  },
};

/** As it comes back from Go's storage. */
function emptyLimits({ spec }: LimitRange): void {
  if (spec?.limits?.length === 0) Object.assign(spec, { limits: null });
}
