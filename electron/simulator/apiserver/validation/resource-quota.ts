import type { ResourceQuota } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid, required } from './field-error';
import { validateAmount, validateResourceName } from './pod-spec/resources';

type Spec = NonNullable<ResourceQuota['spec']>;
type Requirement = NonNullable<NonNullable<Spec['scopeSelector']>['matchExpressions']>[number];

const COUNTED = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
];
const COMPUTE = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
const STORAGE = ['ephemeral-storage', 'requests.storage', 'requests.ephemeral-storage', 'limits.ephemeral-storage'];
const STANDARD = new Set([...COUNTED, ...COMPUTE, ...STORAGE]);

const PODS_AND_COMPUTE = ['pods', ...COMPUTE];
/** What each scope can be put on (pkg/apis/core/helper, `IsResourceQuotaScopeValidForResource`). */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  Terminating: PODS_AND_COMPUTE,
  NotTerminating: PODS_AND_COMPUTE,
  NotBestEffort: PODS_AND_COMPUTE,
  PriorityClass: PODS_AND_COMPUTE,
  CrossNamespacePodAffinity: PODS_AND_COMPUTE,
  BestEffort: ['pods'],
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
};
const WITHOUT_VALUES = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];
const OPPOSITES = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

const isStandard = (name: string) =>
  STANDARD.has(name) || name.startsWith('hugepages-') || name.startsWith('requests.hugepages-');

/** pkg/apis/core/validation, `ValidateResourceQuotaSpec`. */
export function validateResourceQuota({ spec = {} }: ResourceQuota): FieldError[] {
  const { hard = {}, scopes = [], scopeSelector } = spec;
  const errors = Object.entries(hard).flatMap(([name, amount]) => {
    const path = `spec.hard[${name}]`;
    return [...validateName(name, path), ...validateAmount(name, amount, path)];
  });
  const names = Object.keys(hard).sort();
  const about = (detail: string) => invalid('spec.scopes', scopes, detail);
  for (const scope of scopes) {
    if (SCOPES[scope] === undefined) errors.push(about('unsupported scope'));
    for (const name of names) if (!fits(scope, name)) errors.push(about('unsupported scope applied to resource'));
  }
  errors.push(...conflicts(scopes, scopes));
  if (scopeSelector === undefined) return errors;
  const path = 'spec.scopeSelector.matchExpressions';
  const requirements = scopeSelector.matchExpressions ?? [];
  for (const requirement of requirements) {
    const { scopeName } = requirement;
    if (SCOPES[scopeName] === undefined) errors.push(invalid(`${path}.scopeName`, scopeName, 'unsupported scope'));
    for (const name of names) {
      if (!fits(scopeName, name)) errors.push(invalid(path, scopeSelector, 'unsupported scope applied to resource'));
    }
    errors.push(...validateOperator(requirement, path));
  }
  return [
    ...errors,
    ...conflicts(
      requirements.map(({ scopeName }) => scopeName),
      scopes,
    ),
  ];
}

function validateName(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (name.includes('/') || isStandard(name)) return errors;
  return [...errors, invalid(path, name, 'must be a standard resource for quota')];
}

const fits = (scope: string, name: string) => !isStandard(name) || (SCOPES[scope]?.includes(name) ?? true);

/** @param shown the quota's plain scopes, which upstream shows for both of its ways to give some. */
function conflicts(scopes: readonly string[], shown: readonly string[]): FieldError[] {
  return OPPOSITES.flatMap((pair) =>
    pair.every((scope) => scopes.includes(scope)) ? [invalid('spec.scopes', shown, 'conflicting scopes')] : [],
  );
}

function validateOperator({ scopeName, operator, values = [] }: Requirement, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (WITHOUT_VALUES.includes(scopeName) && operator !== 'Exists') {
    const detail =
      "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    errors.push(invalid(`${path}.operator`, operator, detail));
  }
  switch (operator) {
    case 'In':
    case 'NotIn': {
      const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      return values.length === 0 ? [...errors, required(`${path}.values`, detail)] : errors;
    }
    case 'Exists':
    case 'DoesNotExist': {
      const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      return values.length === 0 ? errors : [...errors, invalid(`${path}.values`, values, detail)];
    }
    default:
      return [...errors, invalid(`${path}.operator`, operator, 'not a valid selector operator')];
  }
}
