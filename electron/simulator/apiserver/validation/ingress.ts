import {
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  domainPrefixedPathProblems,
  pathSegmentProblems,
  portNameProblems,
  wildcardSubdomainProblems,
} from '../../../../shared/kubernetes/label-syntax';
import type { Ingress, IngressClass } from '../../../../shared/kubernetes/objects';
import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from './field-error';
import { addressWarnings, isAddress, legacyAddressProblems } from './ip-addresses';
import { invalidFor, portNumber } from './values';

type Spec = NonNullable<Ingress['spec']>;
type Backend = NonNullable<Spec['defaultBackend']>;
type Path = NonNullable<NonNullable<Spec['rules']>[number]['http']>['paths'][number];

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const BAD_SEQUENCES = ['//', '/./', '/../', '%2f', '%2F'];
const BAD_SUFFIXES = ['/..', '/.'];

/** pkg/apis/networking/validation, `ValidateIngressSpec`. */
export function validateIngress({ spec = {} }: Ingress): FieldError[] {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  const errors: FieldError[] = [];
  if (rules.length === 0 && defaultBackend === undefined) {
    errors.push(invalid('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified'));
  }
  if (defaultBackend !== undefined) errors.push(...validateBackend(defaultBackend, 'spec.defaultBackend'));
  for (const [index, { host, http }] of rules.entries()) {
    const at = `spec.rules[${index}]`;
    if (host) {
      if (isAddress(host)) errors.push(invalid(`${at}.host`, host, 'must be a DNS name, not an IP address'));
      errors.push(...validateHost(host, `${at}.host`));
    }
    if (http === undefined) continue;
    if ((http.paths ?? []).length === 0) errors.push(required(`${at}.http.paths`));
    for (const [place, path] of (http.paths ?? []).entries()) {
      errors.push(...validatePath(path, `${at}.http.paths[${place}]`));
    }
  }
  for (const [index, { hosts = [], secretName }] of tls.entries()) {
    const at = `spec.tls[${index}]`;
    errors.push(...hosts.flatMap((host, place) => validateHost(host, `${at}.hosts[${place}]`)));
    if (secretName) errors.push(...invalidFor(`${at}.secretName`, secretName, dns1123SubdomainProblems));
  }
  if (ingressClassName !== undefined) {
    errors.push(...invalidFor('spec.ingressClassName', ingressClassName, dns1123SubdomainProblems));
  }
  return errors;
}

/** The class by its old annotation, which must agree with the field at first (`ValidateIngressCreate`). */
export function validateIngressCreate({ metadata, spec }: Ingress): FieldError[] {
  const annotated = metadata.annotations?.[CLASS_ANNOTATION];
  const named = spec?.ingressClassName;
  if (annotated === undefined || named === undefined || annotated === named) return [];
  const text = 'must match `ingressClassName` when both are specified';
  return [invalid(`annotations.${CLASS_ANNOTATION}`, annotated, text)];
}

/** @returns texts for `Warning` headers. */
export function ingressWarnings({ metadata, spec }: Ingress): string[] {
  if (metadata.annotations?.[CLASS_ANNOTATION] === undefined || spec?.ingressClassName !== undefined) return [];
  return [`annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`];
}

const validateHost = (host: string, path: string) =>
  invalidFor(path, host, host.includes('*') ? wildcardSubdomainProblems : dns1123SubdomainProblems);

function validatePath({ path = '', pathType, backend = {} }: Path, at: string): FieldError[] {
  if (pathType === undefined) return [required(`${at}.pathType`, 'pathType must be specified')];
  const errors: FieldError[] = [];
  const refuse = (why: string) => errors.push(invalid(`${at}.path`, path, why));
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (!path.startsWith('/')) refuse('must be an absolute path');
    for (const sequence of BAD_SEQUENCES) if (path.includes(sequence)) refuse(`must not contain '${sequence}'`);
    for (const suffix of BAD_SUFFIXES) if (path.endsWith(suffix)) refuse(`cannot end with '${suffix}'`);
  } else if (pathType === 'ImplementationSpecific') {
    if (path !== '' && !path.startsWith('/')) refuse('must be an absolute path');
  } else errors.push(notSupported(`${at}.pathType`, pathType, PATH_TYPES));
  errors.push(...validateBackend(backend, `${at}.backend`));
  return errors;
}

function validateBackend({ service, resource }: Backend, path: string): FieldError[] {
  if (service !== undefined && resource !== undefined) {
    return [invalid(path, '', 'cannot set both resource and service backends')];
  }
  if (resource !== undefined) return validateReference(resource, `${path}.resource`);
  if (service === undefined) return [invalid(path, '', 'resource or service backend is required')];
  const errors = service.name
    ? invalidFor(`${path}.service.name`, service.name, dns1035LabelProblems)
    : [required(`${path}.service.name`)];
  const { name, number } = service.port ?? {};
  if (name && number) errors.push(invalid(path, '', 'cannot set both port name & port number'));
  else if (name) errors.push(...invalidFor(`${path}.service.port.name`, name, portNameProblems));
  else if (number) errors.push(...portNumber(number, `${path}.service.port.number`));
  else errors.push(required(path, 'port name or number is required'));
  return errors;
}

interface Reference {
  apiGroup?: string;
  kind?: string;
  name?: string;
}

/** Some object of the same namespace, or of the cluster (`validateIngressTypedLocalObjectReference`). */
function validateReference({ apiGroup, kind, name }: Reference, path: string): FieldError[] {
  const segment = (field: string, value: string | undefined) =>
    value ? invalidFor(`${path}.${field}`, value, (text) => pathSegmentProblems(text)) : [required(`${path}.${field}`)];
  return [
    ...(apiGroup === undefined ? [] : invalidFor(`${path}.apiGroup`, apiGroup, dns1123SubdomainProblems)),
    ...segment('kind', kind),
    ...segment('name', name),
  ];
}

/** What load balancers report (`ValidateIngressLoadBalancerStatus`). */
export function validateIngressStatus({ status }: Ingress, old: Ingress): FieldError[] {
  const had = new Set((old.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip));
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }, index) => {
    const at = `status.loadBalancer.ingress[${index}]`;
    const errors = ip && !had.has(ip) ? invalidFor(`${at}.ip`, ip, legacyAddressProblems) : [];
    if (hostname) {
      errors.push(...invalidFor(`${at}.hostname`, hostname, dns1123SubdomainProblems));
      if (isAddress(hostname)) {
        errors.push(invalid(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'));
      }
    }
    return errors;
  });
}

/** @returns texts for `Warning` headers. */
export function loadBalancerWarnings(ingress: readonly { ip?: string }[]): string[] {
  return ingress.flatMap(({ ip }, index) => (ip ? addressWarnings(ip, `status.loadBalancer.ingress[${index}]`) : []));
}

const LONGEST_CONTROLLER = 250;
const SCOPES = ['Cluster', 'Namespace'];

/** pkg/apis/networking/validation, `ValidateIngressClass`. */
export function validateIngressClass({ spec = {} }: IngressClass): FieldError[] {
  const { controller = '', parameters } = spec;
  const errors: FieldError[] = [];
  if (controller.length > LONGEST_CONTROLLER) errors.push(tooLong('spec.controller', LONGEST_CONTROLLER));
  if (controller === '') errors.push(required('spec.controller'));
  else {
    const problems = domainPrefixedPathProblems(controller);
    errors.push(...problems.map(({ value, problem }) => invalid('spec.controller', value, problem)));
  }
  if (parameters === undefined) return errors;
  const at = 'spec.parameters';
  const { scope, namespace } = parameters;
  errors.push(...validateReference(parameters, at));
  if (scope === undefined) errors.push(required(`${at}.scope`));
  else if (!SCOPES.includes(scope)) errors.push(notSupported(`${at}.scope`, scope, SCOPES));
  else if (scope === 'Cluster') {
    if (namespace !== undefined) {
      errors.push(forbidden(`${at}.namespace`, "`parameters.scope` is set to 'Cluster'"));
    }
  } else if (namespace === undefined) {
    errors.push(required(`${at}.namespace`, "`parameters.scope` is set to 'Namespace'"));
  } else errors.push(...invalidFor(`${at}.namespace`, namespace, dns1123LabelProblems));
  return errors;
}
