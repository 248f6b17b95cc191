import { qualifiedNameProblems } from '../../../../../shared/kubernetes/label-syntax';
import { canonicalQuantity, compareQuantities } from '../../../../../shared/kubernetes/quantities';
import { type FieldError, invalid, notSupported, required } from '../field-error';
import { invalidFor } from '../values';

interface FieldSelector {
  apiVersion?: string;
  fieldPath?: string;
}

interface ResourceSelector {
  containerName?: string;
  resource?: string;
  divisor?: string;
}

const POD_FIELDS =
  /^(metadata\.(name|namespace|uid|labels|annotations)|spec\.(nodeName|serviceAccountName|restartPolicy|schedulerName|hostNetwork)|status\.(phase|hostIPs?|podIPs?|nominatedNodeName))$/;

/**
 * A field of the pod that a variable or a file may show (`validateObjectFieldSelector`).
 * @param supported those that may be shown as a whole; labels and annotations may be shown one by one besides.
 */
export function validateFieldRef(
  { apiVersion = '', fieldPath = '' }: FieldSelector,
  supported: readonly string[],
  path: string,
): FieldError[] {
  if (apiVersion === '') return [required(`${path}.apiVersion`)];
  if (fieldPath === '') return [required(`${path}.fieldPath`)];
  if (apiVersion !== 'v1') {
    const why = `unsupported pod version: ${apiVersion}`;
    return [invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`)];
  }
  const [, whole = fieldPath, subscript] = /^(.*)\['(.*)'\]$/s.exec(fieldPath) ?? [];
  if (subscript !== undefined) {
    if (whole === 'metadata.annotations') return invalidFor(path, subscript.toLowerCase(), qualifiedNameProblems);
    if (whole === 'metadata.labels') return invalidFor(path, subscript, qualifiedNameProblems);
    return [unknownField(fieldPath, path)];
  }
  if (!POD_FIELDS.test(fieldPath)) return [unknownField(fieldPath, path)];
  return supported.includes(fieldPath) ? [] : [notSupported(`${path}.fieldPath`, fieldPath, supported)];
}

const unknownField = (fieldPath: string, path: string) =>
  invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`);

const RESOURCES = ['cpu', 'ephemeral-storage', 'memory'];
const SUPPORTED_RESOURCES = ['limits', 'requests'].flatMap((list) => RESOURCES.map((name) => `${list}.${name}`));
const HUGE_PAGES = /^(limits|requests)\.hugepages-/;
const CPU_DIVISORS = ['1m', '1'];
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/**
 * A container's request or limit that a variable or a file may show (`validateContainerResourceFieldSelector`).
 * @param mustNameContainer a volume belongs to no container, so its files must say whose they show.
 */
export function validateResourceFieldRef(
  { containerName, resource = '', divisor = '0' }: ResourceSelector,
  mustNameContainer: boolean,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (mustNameContainer && !containerName) errors.push(required(`${path}.containerName`));
  else if (resource === '') errors.push(required(`${path}.resource`));
  else if (!SUPPORTED_RESOURCES.includes(resource) && !HUGE_PAGES.test(resource)) {
    errors.push(notSupported(`${path}.resource`, resource, SUPPORTED_RESOURCES));
  }
  errors.push(...validateDivisor(resource, divisor, `${path}.divisor`));
  return errors;
}

function validateDivisor(resource: string, divisor: string, path: string): FieldError[] {
  if (compareQuantities(divisor, '0') === 0) return [];
  const name = resource.slice(resource.indexOf('.') + 1);
  const isCpu = name === 'cpu';
  const isHugePages = HUGE_PAGES.test(resource);
  if (!SUPPORTED_RESOURCES.includes(resource) && !isHugePages) return [];
  if ((isCpu ? CPU_DIVISORS : BYTE_DIVISORS).includes(canonicalQuantity(divisor))) return [];
  const values = isCpu ? CPU_DIVISORS.join(' and ') : BYTE_DIVISORS.join(', ');
  const what = isHugePages ? 'hugepages' : name === 'ephemeral-storage' ? 'local ephemeral storage' : name;
  return [invalid(path, resource, `only divisor's values ${values} are supported with the ${what} resource`)];
}
