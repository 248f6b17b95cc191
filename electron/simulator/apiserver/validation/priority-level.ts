import type { PriorityLevelConfiguration } from '../../../../shared/kubernetes/objects';
import { mandatoryLevels } from '../flow-control/bootstrap-objects';
import { deepEqual } from '../json';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { internalText } from './internal-text';

type Spec = NonNullable<PriorityLevelConfiguration['spec']>;
type Limited = NonNullable<Spec['limited']>;
type LimitResponse = NonNullable<Limited['limitResponse']>;
type Queuing = NonNullable<LimitResponse['queuing']>;

const EXEMPT = 'exempt';
const MOST_QUEUES = 10_000_000;
/** How many bits there are to deal hands of queues by (apiserver/pkg/util/shufflesharding). */
const HASH_BITS = 60;
/** How an old version kept what it had no field for. */
const KEPT_ZERO = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares';

/** pkg/apis/flowcontrol/validation, `ValidatePriorityLevelConfiguration`. */
export function validatePriorityLevel({ metadata, spec, status }: PriorityLevelConfiguration): FieldError[] {
  if (spec === undefined) return [];
  const { name = '', annotations = {} } = metadata;
  return [
    ...(KEPT_ZERO in annotations ? [forbidden('metadata.annotations', `annotation '${KEPT_ZERO}' is forbidden`)] : []),
    ...validateSpec(spec, name),
    ...validateMandatory(spec, name),
    ...validateFlowConditions(status?.conditions),
  ];
}

function validateSpec({ type = '', limited, exempt }: Spec, name: string): FieldError[] {
  const errors: FieldError[] = [];
  if ((name === EXEMPT) !== (type === 'Exempt')) {
    errors.push(invalid('spec.type', type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  }
  switch (type) {
    case 'Exempt':
      if (limited !== undefined) errors.push(forbidden('spec.limited', 'must be nil if the type is not Limited'));
      if (exempt !== undefined) errors.push(...validateShares(exempt, 'spec.exempt'));
      break;
    case 'Limited':
      if (exempt !== undefined) errors.push(forbidden('spec.exempt', 'must be nil if the type is Limited'));
      if (limited === undefined) errors.push(required('spec.limited', 'must not be empty when type is Limited'));
      else errors.push(...validateLimited(limited, 'spec.limited'));
      break;
    default:
      errors.push(notSupported('spec.type', type, ['Exempt', 'Limited']));
  }
  return errors;
}

type Shares = Pick<Limited, 'nominalConcurrencyShares' | 'lendablePercent'>;

const validateShares = (shares: Shares, path: string) => [
  ...validateNominal(shares, path),
  ...validateLent(shares, path),
];

function validateNominal({ nominalConcurrencyShares: shares = 0 }: Shares, path: string): FieldError[] {
  return shares < 0 ? [invalid(`${path}.nominalConcurrencyShares`, shares, 'must be a non-negative integer')] : [];
}

function validateLent({ lendablePercent: lent = 0 }: Shares, path: string): FieldError[] {
  return lent < 0 || lent > 100
    ? [invalid(`${path}.lendablePercent`, lent, 'must be between 0 and 100, inclusive')]
    : [];
}

function validateLimited(limited: Limited, path: string): FieldError[] {
  const { limitResponse = { type: '' }, borrowingLimitPercent: borrowed = 0 } = limited;
  return [
    ...validateNominal(limited, path),
    ...validateLimitResponse(limitResponse, `${path}.limitResponse`),
    ...validateLent(limited, path),
    ...(borrowed < 0
      ? [invalid(`${path}.borrowingLimitPercent`, borrowed, 'if specified, must be a non-negative integer')]
      : []),
  ];
}

function validateLimitResponse({ type, queuing }: LimitResponse, path: string): FieldError[] {
  const at = `${path}.queuing`;
  switch (type) {
    case 'Reject':
      return queuing === undefined ? [] : [forbidden(at, 'must be nil if limited.limitResponse.type is not Limited')];
    case 'Queue':
      return queuing === undefined
        ? [required(at, 'must not be empty if limited.limitResponse.type is Limited')]
        : validateQueuing(queuing, at);
    default:
      return [notSupported(`${path}.type`, type, ['Queue', 'Reject'])];
  }
}

function validateQueuing({ queueLengthLimit = 0, queues = 0, handSize = 0 }: Queuing, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (field: keyof Queuing, value: number, why: string) =>
    errors.push(invalid(`${path}.${field}`, value, why));
  if (queueLengthLimit <= 0) wrong('queueLengthLimit', queueLengthLimit, 'must be positive');
  if (queues <= 0) wrong('queues', queues, 'must be positive');
  else if (queues > MOST_QUEUES) wrong('queues', queues, `must not be greater than ${MOST_QUEUES}`);
  if (handSize <= 0) wrong('handSize', handSize, 'must be positive');
  else if (handSize > queues) wrong('handSize', handSize, `should not be greater than queues (${queues})`);
  else if (Math.ceil(Math.log2(queues) * handSize) > HASH_BITS) {
    const what = `required entropy bits of deckSize ${queues} and handSize ${handSize}`;
    wrong('handSize', handSize, `${what} should not be greater than ${HASH_BITS}`);
  }
  return errors;
}

/** `ValidateIfMandatoryPriorityLevelConfigurationObject`: some stay what they are, but for how exempt the exempt one is. */
function validateMandatory(spec: Spec, name: string): FieldError[] {
  const wanted = mandatoryLevels.find(({ metadata }) => metadata.name === name)?.spec;
  if (wanted === undefined) return [];
  const isExempt = name === EXEMPT;
  const { exempt: _, ...rest } = spec;
  const has = isExempt ? { ...rest, exempt: wanted.exempt } : spec;
  if (deepEqual(has, wanted)) return [];
  const except = isExempt ? " except the 'spec.exempt' field" : '';
  const shown = internalText('PriorityLevelConfigurationSpec', spec);
  return [invalid('spec', shown, `spec of '${name}'${except} must equal the fixed value`)];
}

/** The conditions of a priority level or of a FlowSchema (`ValidateFlowSchemaStatus`). */
export function validateFlowConditions(conditions: readonly { readonly type?: string }[] = []): FieldError[] {
  const seen = new Set<string>();
  return conditions.flatMap(({ type = '' }, index) => {
    const path = `status.conditions[${index}].type`;
    const errors = [...(seen.has(type) ? [duplicate(path, type)] : []), ...(type === '' ? [required(path)] : [])];
    seen.add(type);
    return errors;
  });
}
