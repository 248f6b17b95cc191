import { dns1123LabelProblems, qualifiedNameProblems } from '../../../../../shared/kubernetes/label-syntax';
import { canonicalQuantity, compareQuantities, quantityInNano } from '../../../../../shared/kubernetes/quantities';
import { containersTogether } from '../../strategies/containers-together';
import type { Container, PodSpec } from '../../strategies/pod-defaults';
import { duplicate, type FieldError, forbidden, invalid, notFound, notSupported, required } from '../field-error';
import { invalidFor } from '../values';

type Resources = NonNullable<Container['resources']>;
type NameRule = (name: string, path: string) => FieldError[];

const UNIT = 10n ** 9n;
const HUGE_PAGES = 'hugepages-';
const FOR_CONTAINERS = ['cpu', 'memory', 'ephemeral-storage'];
/** Names without a domain that mean something somewhere (pkg/apis/core/helper, `standardResources`). */
const STANDARD = new Set([
  ...FOR_CONTAINERS,
  'storage',
  'pods',
  'services',
  'services.nodeports',
  'services.loadbalancers',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
]);
/** Those that are counted, not measured (`integerResources`). */
const COUNTED = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

const isHugePages = (name: string) => name.startsWith(HUGE_PAGES);
/** Kubernetes' own: without a domain, or within its own (`IsNativeResource`). */
const isNative = (name: string) => !name.includes('/') || name.includes('kubernetes.io/');
/** Something that devices give, by the domain of who makes them (`IsExtendedResourceName`). */
const isExtended = (name: string) =>
  !isNative(name) && !name.startsWith('requests.') && qualifiedNameProblems(`requests.${name}`).length === 0;
/** Whether more may be promised of it than there is (`IsOvercommitAllowed`). */
export const mayOvercommit = (name: string) => isNative(name) && !isHugePages(name);

/** The name of any resource (`validateResourceName`). */
export function validateResourceName(name: string, path: string): FieldError[] {
  const errors = invalidFor(path, name, qualifiedNameProblems);
  if (errors.length > 0 || name.includes('/') || STANDARD.has(name) || name.startsWith(HUGE_PAGES)) return errors;
  if (name.startsWith(`requests.${HUGE_PAGES}`)) return errors;
  return [invalid(path, name, 'must be a standard resource type or fully qualified')];
}

/** The name of what a container may ask for (`validateContainerResourceName`). */
export function validateContainerResourceName(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (!name.includes('/')) {
    if (!FOR_CONTAINERS.includes(name) && !isHugePages(name)) {
      errors.push(invalid(path, name, 'must be a standard resource for containers'));
    }
  } else if (!isNative(name) && !isExtended(name)) {
    errors.push(invalid(path, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}

const FOR_PODS = ['cpu', 'hugepages-', 'memory'];

/** The name of what a pod may ask for as a whole (`validatePodResourceName`). */
function validatePodName(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (errors.length > 0) return errors;
  return name === 'cpu' || name === 'memory' || isHugePages(name) ? [] : [notSupported(path, name, FOR_PODS)];
}

/** An amount of a resource (`ValidateResourceQuantityValue`). */
export function validateAmount(name: string, amount: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const text = canonicalQuantity(amount);
  if (compareQuantities(amount, '0') < 0) errors.push(invalid(path, text, 'must be greater than or equal to 0'));
  const counted = COUNTED.has(name) || isExtended(name);
  if (counted && quantityInNano(amount) % UNIT !== 0n) errors.push(invalid(path, text, 'must be an integer'));
  return errors;
}

/** An amount of what a container asks for: of large pages, whole ones (`validateResourceQuantityHugePageValue`). */
function validateOwnAmount(name: string, amount: string, path: string): FieldError[] {
  const errors = validateAmount(name, amount, path);
  if (isHugePages(name) && !isWholePages(name, amount)) {
    const text = canonicalQuantity(amount);
    errors.push(invalid(path, text, `${text} is not positive integer multiple of ${name}`));
  }
  return errors;
}

function isWholePages(name: string, amount: string): boolean {
  try {
    const size = quantityInNano(name.slice(HUGE_PAGES.length));
    return size > 0n && size % UNIT === 0n && quantityInNano(amount) % size === 0n;
  } catch (error) {
    // A suffix that is no quantity is no size.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A container's requests, limits and claims (`ValidateContainerResourceRequirements`). */
export function validateContainerResources(
  resources: Resources,
  podClaims: ReadonlySet<string>,
  path: string,
): FieldError[] {
  return validateResources(resources, validateContainerResourceName, podClaims, path);
}

function validateResources(
  { limits = {}, requests = {}, claims = [] }: Resources,
  validateResource: NameRule,
  podClaims: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, limit] of Object.entries(limits)) {
    const at = `${path}.limits[${name}]`;
    errors.push(...validateResource(name, at), ...validateOwnAmount(name, limit, at));
  }
  for (const [name, request] of Object.entries(requests)) {
    const at = `${path}.requests[${name}]`;
    errors.push(...validateResource(name, at), ...validateOwnAmount(name, request, at));
    errors.push(...validateAgainstLimit(name, request, limits[name], path));
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.some((name) => name === 'cpu' || name === 'memory')) {
    errors.push(forbidden(path, 'HugePages require cpu or memory'));
  }
  errors.push(...validateClaims(claims, podClaims, `${path}.claims`));
  return errors;
}

function validateAgainstLimit(name: string, request: string, limit: string | undefined, path: string): FieldError[] {
  const fixed = !mayOvercommit(name);
  if (limit === undefined) {
    return fixed ? [required(`${path}.limits`, 'Limit must be set for non overcommitable resources')] : [];
  }
  const order = compareQuantities(request, limit);
  const why = fixed && order !== 0 ? 'equal to' : order > 0 ? 'less than or equal to' : undefined;
  if (why === undefined) return [];
  const text = `must be ${why} ${name} limit of ${canonicalQuantity(limit)}`;
  return [invalid(`${path}.requests`, canonicalQuantity(request), text)];
}

/** Which of its pod's claims a container uses (`validateResourceClaimNames`). */
function validateClaims(
  claims: NonNullable<Resources['claims']>,
  podClaims: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const used = new Set<string>();
  return claims.flatMap(({ name, request }, index) => {
    const at = `${path}[${index}]`;
    if (!name) return [required(at)];
    const errors: FieldError[] = [];
    const key = request ? `${name}/${request}` : name;
    if (used.has(name)) errors.push(duplicate(at, name));
    else {
      if (request) errors.push(...invalidFor(`${at}.request`, request, dns1123LabelProblems));
      const overlaps = !request && [...used].some((other) => other.startsWith(`${name}/`));
      if (used.has(key) || overlaps) errors.push(duplicate(at, key));
      used.add(key);
    }
    if (!podClaims.has(name)) {
      const known = podClaims.size === 0 ? ' which is empty' : `: ${[...podClaims].sort().join(', ')}`;
      const missing = notFound(at, name);
      errors.push({
        ...missing,
        message: `${missing.message}: must be one of the names in pod.spec.resourceClaims${known}`,
      });
    }
    return errors;
  });
}

/** What a pod asks for as a whole, which its containers share (`validatePodResources`). */
export function validatePodResources(spec: PodSpec, podClaims: ReadonlySet<string>, path: string): FieldError[] {
  const { resources } = spec;
  if (resources === undefined) return [];
  if (spec.os?.name === 'windows') return [forbidden(path, 'may not be set for a windows pod')];
  return [
    ...(resources.claims === undefined
      ? []
      : [forbidden(`${path}.claims`, 'claims may not be set for Resources at pod-level')]),
    ...validateResources(resources, validatePodName, podClaims, path),
    ...validateShares(spec, resources, path),
  ];
}

/** The containers together may not ask for more than their pod, nor may one have a higher limit. */
function validateShares(spec: PodSpec, { requests = {}, limits = {} }: Resources, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, sum] of Object.entries(containersTogether(spec, 'requests'))) {
    const own = requests[name];
    if (own === undefined || compareQuantities(sum, own) <= 0) continue;
    const text = `must be greater than or equal to aggregate container requests of ${sum}`;
    errors.push(invalid(`${path}.requests[${name}]`, canonicalQuantity(own), text));
  }
  for (const [name, sum] of Object.entries(containersTogether(spec, 'limits'))) {
    const own = limits[name];
    if (!isHugePages(name) || own === undefined || compareQuantities(sum, own) <= 0) continue;
    const text = `must be greater than or equal to aggregate container limits of ${sum}`;
    errors.push(invalid(`${path}.limits[${name}]`, canonicalQuantity(own), text));
  }
  for (const [index, container] of (spec.containers ?? []).entries()) {
    for (const [name, limit] of Object.entries(container.resources?.limits ?? {})) {
      const own = limits[name];
      if (own === undefined || compareQuantities(limit, own) <= 0) continue;
      const text = `must be less than or equal to pod limits of ${canonicalQuantity(own)}`;
      errors.push(invalid(`${path}.containers[${index}][${name}].limits`, canonicalQuantity(limit), text));
    }
  }
  return errors;
}
