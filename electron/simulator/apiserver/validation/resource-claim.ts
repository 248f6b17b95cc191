import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { ResourceClaim, ResourceClaimTemplate } from '../../../../shared/kubernetes/objects';
import { namespaces } from '../../../../shared/kubernetes/resources';
import { deepEqual } from '../json';
import type { StrategyContext } from '../registry/definition';
import { validateList, validateSet } from './device-lists';
import {
  MOST_CONFIGURATIONS,
  MOST_REQUESTS,
  validateConfiguration,
  validateQualifiedName,
  validateSelectors,
} from './device-parts';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { internalText } from './internal-text';
import { validateAnnotations, validateLabels } from './labels';
import { invalidFor } from './values';

export type ClaimSpec = ResourceClaim['spec'];
type Claim = NonNullable<ClaimSpec['devices']>;
type Request = NonNullable<Claim['requests']>[number];
type Exact = NonNullable<Request['exactly']>;
type Constraint = NonNullable<Claim['constraints']>[number];

const MOST_CONSTRAINTS = 32;
const MOST_ALTERNATIVES = 8;
const ADMIN_LABEL = 'resource.kubernetes.io/admin-access';

/** pkg/apis/resource/validation, `ValidateResourceClaim`. */
export function validateResourceClaim({ metadata, spec }: ResourceClaim, context: StrategyContext): FieldError[] {
  return [...refuseAdmin(spec, metadata.namespace, context), ...validateSpec(spec, 'spec')];
}

export function validateResourceClaimUpdate({ spec }: ResourceClaim, old: ResourceClaim): FieldError[] {
  if (deepEqual(spec, old.spec)) return [];
  return [invalid('spec', internalText('ResourceClaimSpec', spec), 'field is immutable')];
}

/** `ValidateResourceClaimTemplate`. */
export function validateResourceClaimTemplate({ spec }: ResourceClaimTemplate): FieldError[] {
  const { annotations, labels } = spec.metadata ?? {};
  return [
    ...validateAnnotations(annotations, 'spec.metadata.annotations'),
    ...validateLabels(labels, 'spec.metadata.labels'),
    ...validateSpec(spec.spec, 'spec.spec'),
  ];
}

export function validateResourceClaimTemplateUpdate(
  { spec }: ResourceClaimTemplate,
  old: ResourceClaimTemplate,
): FieldError[] {
  if (deepEqual(spec, old.spec)) return [];
  const shown = { ...spec.metadata, Spec: internalText('ResourceClaimSpec', spec.spec) };
  return [invalid('spec', shown, 'field is immutable')];
}

/** Who wants devices as their administrator needs a namespace that is for that (pkg/registry/resource/utils.go). */
function refuseAdmin({ devices }: ClaimSpec, namespace: string | undefined, { stored }: StrategyContext) {
  const index = (devices?.requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess === true);
  if (index < 0) return [];
  const labels = stored(namespaces, undefined, namespace ?? '')?.metadata.labels ?? {};
  if (labels[ADMIN_LABEL] === 'true') return [];
  const why = `admin access to devices requires the \`${ADMIN_LABEL}: true\` label on the containing namespace`;
  return [forbidden(`spec.devices.requests[${index}].adminAccess`, why)];
}

function validateSpec({ devices = {} }: ClaimSpec, path: string): FieldError[] {
  const { requests = [], constraints = [], config = [] } = devices;
  const names = requestNames(requests);
  const at = `${path}.devices`;
  return [
    ...validateSet(requests, MOST_REQUESTS, `${at}.requests`, ({ name }) => name ?? '', validateRequest),
    ...validateList(constraints, MOST_CONSTRAINTS, `${at}.constraints`, (constraint, path) =>
      validateConstraint(constraint, names, path),
    ),
    ...validateList(config, MOST_CONFIGURATIONS, `${at}.config`, (each, path) => [
      ...validateReferences(each.requests, names, `${path}.requests`),
      ...validateConfiguration(each, path),
    ]),
  ];
}

/** What requests can be called: by their names, and with those of their alternatives. */
export function requestNames(requests: readonly Request[]): Set<string> {
  return new Set(
    requests.flatMap(({ name = '', firstAvailable = [] }) => [
      name,
      ...firstAvailable.map((alternative) => `${name}/${alternative.name ?? ''}`),
    ]),
  );
}

const validateName = (name: string | undefined, path: string): FieldError[] =>
  invalidFor(path, name ?? '', dns1123LabelProblems);

function validateRequest({ name, exactly, firstAvailable = [] }: Request, path: string): FieldError[] {
  const errors = validateName(name, `${path}.name`);
  const rule = 'exactly one of `exactly` or `firstAvailable` is required';
  if (exactly !== undefined && firstAvailable.length > 0) {
    return [...errors, invalid(path, undefined, `${rule}, but multiple fields are set`)];
  }
  if (exactly !== undefined) return [...errors, ...validateExact(exactly, `${path}.exactly`)];
  if (firstAvailable.length === 0) return [...errors, required(path, rule)];
  return [
    ...errors,
    ...validateSet(
      firstAvailable,
      MOST_ALTERNATIVES,
      `${path}.firstAvailable`,
      (each) => each.name ?? '',
      (each, path) => [...validateName(each.name, `${path}.name`), ...validateExact(each, path)],
    ),
  ];
}

function validateExact(request: Exact, path: string): FieldError[] {
  const { deviceClassName, selectors, allocationMode = '', count = 0 } = request;
  const at = `${path}.deviceClassName`;
  return [
    ...(deviceClassName ? invalidFor(at, deviceClassName, dns1123SubdomainProblems) : [required(at)]),
    ...validateSelectors(selectors, `${path}.selectors`),
    ...validateMode(allocationMode, count, path),
  ];
}

function validateMode(mode: string, count: number, path: string): FieldError[] {
  const at = `${path}.count`;
  switch (mode) {
    case 'All':
      return count === 0 ? [] : [invalid(at, count, "must not be specified when allocationMode is 'All'")];
    case 'ExactCount':
      return count > 0 ? [] : [invalid(at, count, 'must be greater than zero')];
    default:
      return [notSupported(`${path}.allocationMode`, mode, ['All', 'ExactCount'])];
  }
}

function validateConstraint(
  { requests, matchAttribute }: Constraint,
  names: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const at = `${path}.matchAttribute`;
  const errors = validateReferences(requests, names, `${path}.requests`);
  if (matchAttribute === undefined) return [...errors, required(at)];
  errors.push(...validateQualifiedName(matchAttribute, at));
  if (!matchAttribute.includes('/')) {
    errors.push(invalid(at, matchAttribute, 'a fully qualified name must be a domain and a name separated by a slash'));
  }
  return errors;
}

const validateReferences = (list: readonly string[] = [], names: ReadonlySet<string>, path: string) =>
  validateSet(
    list,
    MOST_REQUESTS,
    path,
    (name) => name,
    (name, path) => validateReference(name, names, path),
  );

export function validateReference(name: string, names: ReadonlySet<string>, path: string): FieldError[] {
  const why = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  const parts = name.split('/');
  if (parts.length > 2) return [invalid(path, name, why)];
  return [...parts.flatMap((part) => validateName(part, path)), ...(names.has(name) ? [] : [invalid(path, name, why)])];
}
