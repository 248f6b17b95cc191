import type { KubeObject, LimitRange, PersistentVolumeClaim, Pod } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity, compareQuantities, parseQuantity } from '../../../../shared/kubernetes/quantities';
import { groupResourceOf, limitRanges } from '../../../../shared/kubernetes/resources';
import { podResources } from '../../quota/pod-resources';
import type { ResourceList } from '../../quota/resource-list';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory, AdmissionRequest } from './plugin';

type Container = NonNullable<Pod['spec']>['containers'][number];
type Limit = NonNullable<LimitRange['spec']>['limits'][number];

/** What is held against a limit, and under which name. */
interface Usage {
  readonly requests: ResourceList;
  readonly limits: ResourceList;
}

const ANNOTATION = 'kubernetes.io/limit-ranger';

/**
 * Fills in a namespace's default requests and limits, and holds containers, pods and claims to its bounds
 * (plugin/pkg/admission/limitranger).
 */
export const limitRanger: AdmissionPluginFactory = (client) => ({
  name: 'LimitRanger',
  changes: ['pods'],
  async admit(request) {
    if (!isConcerned(request) || request.attributes.resource !== 'pods') return;
    const { items } = await client.list(limitRanges, { namespace: request.attributes.namespace });
    for (const range of items) fillIn(request.object as Pod, range);
  },
  async validate(request) {
    const { object } = request;
    if (!isConcerned(request) || object === undefined) return;
    const { items } = await client.list(limitRanges, { namespace: request.attributes.namespace });
    const faultsIn = request.attributes.resource === 'pods' ? podFaults : claimFaults;
    for (const range of items) {
      const faults = [...new Set((range.spec?.limits ?? []).flatMap((limit) => faultsIn(object, limit)))];
      if (faults.length === 1) throw forbidden(request, faults[0] ?? '');
      if (faults.length > 1) throw forbidden(request, `[${faults.join(', ')}]`);
    }
  },
});

/** A pod's containers are given when it is made, and change by resizing only; a claim may grow. */
function isConcerned({ attributes, operation, oldObject }: AdmissionRequest): boolean {
  const { subresource } = attributes;
  const resource = groupResourceOf(attributes);
  if (operation !== 'CREATE' && operation !== 'UPDATE') return false;
  if (oldObject?.metadata.deletionTimestamp !== undefined) return false;
  if (resource === 'pods') return operation === 'CREATE' ? subresource === '' : subresource === 'resize';
  return resource === 'persistentvolumeclaims' && subresource === '';
}

function fillIn(pod: Pod, range: LimitRange): void {
  const defaults: { requests: Record<string, string>; limits: Record<string, string> } = { requests: {}, limits: {} };
  for (const limit of range.spec?.limits ?? []) {
    if (limit.type !== 'Container') continue;
    Object.assign(defaults.requests, limit.defaultRequest);
    Object.assign(defaults.limits, limit.default);
  }
  const done = [
    ...(pod.spec?.containers ?? []).flatMap((container) => fillInContainer(container, defaults, 'container')),
    ...(pod.spec?.initContainers ?? []).flatMap((container) => fillInContainer(container, defaults, 'init container')),
  ];
  if (done.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${done.join('; ')}`,
  };
}

function fillInContainer(container: Container, defaults: Usage, what: string): string[] {
  const resources = { ...container.resources };
  const requests = missing(defaults.requests, resources.requests);
  const limits = missing(defaults.limits, resources.limits);
  if (Object.keys(requests).length > 0) resources.requests = { ...resources.requests, ...requests };
  if (Object.keys(limits).length > 0) resources.limits = { ...resources.limits, ...limits };
  container.resources = resources;
  const text = (kind: string, set: ResourceList) => {
    const names = Object.keys(set).sort();
    return names.length === 0 ? [] : [`${names.join(', ')} ${kind} for ${what} ${container.name}`];
  };
  return [...text('request', requests), ...text('limit', limits)];
}

function missing(defaults: ResourceList, present: ResourceList | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => present?.[name] === undefined));
}

function podFaults({ metadata, spec }: KubeObject & Pick<Pod, 'spec'>, limit: Limit): string[] {
  if (spec === undefined) return [];
  if (limit.type === 'Container') {
    return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
      faults(limit, { requests: resources?.requests ?? {}, limits: resources?.limits ?? {} }),
    );
  }
  if (limit.type !== 'Pod') return [];
  // What the runtime itself needs is not the pod's to answer for.
  const { overhead: _, ...own } = spec;
  const pod: Pod = { metadata, spec: own };
  return faults(limit, { requests: podResources(pod, 'requests'), limits: podResources(pod, 'limits') });
}

function faults(limit: Limit, usage: Usage): string[] {
  return [
    ...each(limit.min, (name, least) => belowMinimum(limit.type, name, least, usage)),
    ...each(limit.max, (name, most) => aboveMaximum(limit.type, name, most, usage)),
    ...each(limit.maxLimitRequestRatio, (name, ratio) => aboveRatio(limit.type, name, ratio, usage)),
  ];
}

function claimFaults({ spec }: KubeObject & Pick<PersistentVolumeClaim, 'spec'>, limit: Limit): string[] {
  if (limit.type !== 'PersistentVolumeClaim') return [];
  const requests = spec?.resources?.requests ?? {};
  return [
    ...each(limit.min, (name, least) => belowMinimum(limit.type, name, least, { requests, limits: {} })),
    ...each(limit.max, (name, most) => {
      const text = `maximum ${name} usage per ${limit.type} is ${most}`;
      const request = requests[name];
      if (request === undefined) return `${text}.  No request is specified`;
      return compareQuantities(request, most) > 0 ? `${text}, but request is ${request}` : undefined;
    }),
  ];
}

function each(list: ResourceList = {}, check: (name: string, bound: string) => string | undefined): string[] {
  return Object.entries(list).flatMap(([name, bound]) => check(name, canonicalQuantity(bound)) ?? []);
}

function belowMinimum(type: string, name: string, least: string, usage: Usage): string | undefined {
  const text = `minimum ${name} usage per ${type} is ${least}`;
  const request = usage.requests[name];
  const limit = usage.limits[name];
  if (request === undefined) return `${text}.  No request is specified`;
  if (compareQuantities(request, least) < 0) return `${text}, but request is ${request}`;
  if (limit !== undefined && compareQuantities(limit, least) < 0) return `${text}, but limit is ${limit}`;
  return undefined;
}

function aboveMaximum(type: string, name: string, most: string, usage: Usage): string | undefined {
  const text = `maximum ${name} usage per ${type} is ${most}`;
  const request = usage.requests[name];
  const limit = usage.limits[name];
  if (limit === undefined) return `${text}.  No limit is specified`;
  if (compareQuantities(limit, most) > 0) return `${text}, but limit is ${limit}`;
  if (request !== undefined && compareQuantities(request, most) > 0) return `${text}, but request is ${request}`;
  return undefined;
}

function aboveRatio(type: string, name: string, most: string, usage: Usage): string | undefined {
  const text = `${name} max limit to request ratio per ${type} is ${most}`;
  const request = parseQuantity(usage.requests[name] ?? '0');
  const limit = parseQuantity(usage.limits[name] ?? '0');
  if (request === 0) return `${text}, but no request is specified or request is 0`;
  if (limit === 0) return `${text}, but no limit is specified or limit is 0`;
  const ratio = limit / request;
  return ratio > parseQuantity(most) ? `${text}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}
