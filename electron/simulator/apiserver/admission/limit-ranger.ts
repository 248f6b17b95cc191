import type { LimitRange, Pod } from '../../../../shared/kubernetes/objects';
import { parseQuantity } from '../../../../shared/kubernetes/quantities';
import { limitRanges, pods } from '../../../../shared/kubernetes/resources';
import { written } from './concerns';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory } from './plugin';

type Container = NonNullable<Pod['spec']>['containers'][number];
type Limit = NonNullable<LimitRange['spec']>['limits'][number];
type Quantities = Readonly<Record<string, string>>;

const ANNOTATION = 'kubernetes.io/limit-ranger';

/** Fills in a namespace's default requests and limits, and holds containers to its bounds (plugin/pkg/admission/limitranger). */
export const limitRanger: AdmissionPluginFactory = (client) => ({
  name: 'LimitRanger',
  async admit(request) {
    const pod = written(request, pods, 'CREATE');
    if (pod?.spec === undefined) return;
    const { items } = await client.list(limitRanges, { namespace: request.attributes.namespace });
    for (const limit of items.flatMap((range) => range.spec?.limits ?? [])) {
      if (limit.type === 'Container') fillIn(pod, limit);
    }
  },
  async validate(request) {
    const pod = written(request, pods, 'CREATE');
    if (pod?.spec === undefined) return;
    const { items } = await client.list(limitRanges, { namespace: request.attributes.namespace });
    const { containers } = pod.spec;
    for (const range of items) {
      const faults = (range.spec?.limits ?? [])
        .filter((limit) => limit.type === 'Container')
        .flatMap((limit) => containers.flatMap((container) => faultsOf(container, limit)));
      if (faults.length === 1) throw forbidden(request, faults[0] ?? '');
      if (faults.length > 1) throw forbidden(request, `[${faults.join(', ')}]`);
    }
  },
});

function fillIn(pod: Pod, limit: Limit): void {
  const done: string[] = [];
  for (const container of pod.spec?.containers ?? []) {
    const resources = { ...container.resources };
    const requests = missing(limit.defaultRequest, resources.requests);
    const limits = missing(limit.default, resources.limits);
    if (Object.keys(requests).length > 0) resources.requests = { ...resources.requests, ...requests };
    if (Object.keys(limits).length > 0) resources.limits = { ...resources.limits, ...limits };
    container.resources = resources;
    for (const [what, set] of [
      ['request', requests],
      ['limit', limits],
    ] as const) {
      const names = Object.keys(set).sort();
      if (names.length > 0) done.push(`${names.join(', ')} ${what} for container ${container.name}`);
    }
  }
  if (done.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${done.join('; ')}`,
  };
}

function missing(defaults: Quantities | undefined, present: Quantities | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(defaults ?? {}).filter(([name]) => present?.[name] === undefined));
}

function faultsOf(container: Container, limit: Limit): string[] {
  const faults: string[] = [];
  const { requests = {}, limits = {} } = container.resources ?? {};
  for (const [name, least] of Object.entries(limit.min ?? {})) {
    const text = `minimum ${name} usage per ${limit.type} is ${least}`;
    const request = requests[name];
    const most = limits[name];
    if (request === undefined) faults.push(`${text}.  No request is specified`);
    else if (parseQuantity(request) < parseQuantity(least)) faults.push(`${text}, but request is ${request}`);
    else if (most !== undefined && parseQuantity(most) < parseQuantity(least)) {
      faults.push(`${text}, but limit is ${most}`);
    }
  }
  for (const [name, greatest] of Object.entries(limit.max ?? {})) {
    const text = `maximum ${name} usage per ${limit.type} is ${greatest}`;
    const request = requests[name];
    const most = limits[name];
    if (most === undefined) faults.push(`${text}.  No limit is specified`);
    else if (parseQuantity(most) > parseQuantity(greatest)) faults.push(`${text}, but limit is ${most}`);
    else if (request !== undefined && parseQuantity(request) > parseQuantity(greatest)) {
      faults.push(`${text}, but request is ${request}`);
    }
  }
  return faults;
}
