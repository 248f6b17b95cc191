import type { Pod, PodTemplate } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity } from '../../../../shared/kubernetes/quantities';
import { containersTogether } from './containers-together';
import { applyVolumeSourceDefaults } from './volume-defaults';

export type PodSpec = NonNullable<Pod['spec']>;
export type PodTemplateSpec = NonNullable<PodTemplate['template']>;
export type Container = PodSpec['containers'][number];
export type Volume = NonNullable<PodSpec['volumes']>[number];
export type Probe = NonNullable<Container['livenessProbe']>;
type LifecycleHandler = NonNullable<NonNullable<Container['lifecycle']>['postStart']>;
type EnvVar = NonNullable<Container['env']>[number];

/** 0644: what files of ConfigMaps, Secrets and the like are created with. */
const FILE_MODE = 0o644;

/** An object's spec; a client may have left it out, which is the same as sending an empty one. */
export function specOf<T extends object>(object: { spec?: T }): T {
  // What the type calls required is then missing, which validation reports field by field.
  object.spec ??= {} as T;
  return object.spec;
}

/** Writes the quantities of a resource list in their canonical form. */
export function canonicalize(list: Record<string, string> | undefined): void {
  for (const [name, quantity] of Object.entries(list ?? {})) {
    if (list !== undefined) list[name] = canonicalQuantity(quantity);
  }
}

/** The defaults of a pod template, wherever it stands (pkg/apis/core/v1/defaults.go). */
export function applyTemplateDefaults(holder: { template?: PodTemplateSpec }): void {
  holder.template ??= {};
  holder.template.metadata ??= {};
  applyPodSpecDefaults(specOf(holder.template));
}

/** The defaults that only a pod itself has, not a template. */
export function applyPodDefaults(pod: Pod): void {
  const spec = specOf(pod);
  applyPodSpecDefaults(spec);
  // A pod's, unlike a template's, is never negative (pkg/apis/core/v1/conversion.go).
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  for (const { resources } of containers) {
    if (resources?.limits !== undefined) resources.requests = { ...resources.limits, ...resources.requests };
  }
  if (spec.resources !== undefined) applyPodResourceDefaults(spec, spec.resources);
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork === true) {
    for (const port of containers.flatMap((container) => container.ports ?? [])) port.hostPort ||= port.containerPort;
  }
}

/** What a pod that bounds itself as a whole asks for as a whole (`defaultHugePagePodLimits`, `defaultPodRequests`). */
function applyPodResourceDefaults(spec: PodSpec, resources: NonNullable<PodSpec['resources']>): void {
  const { requests = {}, limits = {} } = resources;
  const isGiven = (list: object) => Object.keys(list).length > 0;
  if (isGiven(requests) || isGiven(limits)) {
    for (const [name, sum] of Object.entries(containersTogether(spec, 'limits'))) {
      if (name.startsWith('hugepages-') && requests[name] === undefined) limits[name] ??= sum;
    }
    if (isGiven(limits)) resources.limits = limits;
  }
  if (!isGiven(limits)) return;
  const together = containersTogether(spec, 'requests');
  for (const name of ['cpu', 'memory']) {
    if (together[name] !== undefined) requests[name] ??= together[name];
  }
  for (const [name, limit] of Object.entries(limits)) {
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) requests[name] ??= limit;
  }
  if (isGiven(requests)) resources.requests = requests;
}

/** Takes out what a gate that is closed by default would let in (pkg/api/pod, `DropDisabledPodFields`). */
export function dropDisabledFields(spec: PodSpec): void {
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    const { lifecycle } = container;
    if (lifecycle?.stopSignal === undefined) continue;
    delete lifecycle.stopSignal;
    if (Object.keys(lifecycle).length === 0) delete container.lifecycle;
  }
}

function applyPodSpecDefaults(spec: PodSpec): void {
  spec.containers ??= [];
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) applyContainerDefaults(container);
  for (const container of spec.ephemeralContainers ?? []) applyContainerDefaults(container);
  for (const volume of spec.volumes ?? []) applyVolumeDefaults(volume);
  spec.restartPolicy ||= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.securityContext ??= {};
  spec.schedulerName ||= 'default-scheduler';
  // Two names for one field, kept in step by upstream's conversion.
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (account) {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
  canonicalize(spec.resources?.requests);
  canonicalize(spec.resources?.limits);
  canonicalize(spec.overhead);
}

function applyContainerDefaults(container: Omit<Container, 'name'>): void {
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  container.imagePullPolicy ||= pullPolicy(container.image);
  container.resources ??= {};
  canonicalize(container.resources.requests);
  canonicalize(container.resources.limits);
  for (const port of container.ports ?? []) port.protocol ||= 'TCP';
  for (const variable of container.env ?? []) applyEnvDefaults(variable);
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) {
    if (probe !== undefined) applyProbeDefaults(probe);
  }
  applyHandlerDefaults(container.lifecycle?.postStart);
  applyHandlerDefaults(container.lifecycle?.preStop);
}

/** `Always` for the tag `latest`, written or implied; a digest is no tag. */
function pullPolicy(image: string | undefined): 'Always' | 'IfNotPresent' {
  const [name = ''] = (image ?? '').split('@');
  if (name !== (image ?? '')) return 'IfNotPresent';
  const tag = /:([^:/]+)$/.exec(name)?.[1] ?? 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function applyEnvDefaults(variable: EnvVar): void {
  const source = variable.valueFrom;
  if (source?.fieldRef !== undefined) source.fieldRef.apiVersion ||= 'v1';
  if (source?.resourceFieldRef !== undefined) {
    source.resourceFieldRef.divisor = canonicalQuantity(source.resourceFieldRef.divisor ?? '0');
  }
}

function applyProbeDefaults(probe: Probe): void {
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  if (probe.grpc !== undefined) probe.grpc.service ??= '';
  applyHandlerDefaults(probe);
}

function applyHandlerDefaults(handler: Pick<LifecycleHandler, 'httpGet'> | undefined): void {
  if (handler?.httpGet === undefined) return;
  handler.httpGet.path ||= '/';
  handler.httpGet.scheme ||= 'HTTP';
}

function applyVolumeDefaults(volume: Volume): void {
  if (Object.keys(volume).every((key) => key === 'name')) volume.emptyDir = {};
  if (volume.emptyDir?.sizeLimit !== undefined)
    volume.emptyDir.sizeLimit = canonicalQuantity(volume.emptyDir.sizeLimit);
  if (volume.secret !== undefined) volume.secret.defaultMode ??= FILE_MODE;
  if (volume.configMap !== undefined) volume.configMap.defaultMode ??= FILE_MODE;
  if (volume.downwardAPI !== undefined) volume.downwardAPI.defaultMode ??= FILE_MODE;
  applyVolumeSourceDefaults(volume);
  if (volume.projected !== undefined) volume.projected.defaultMode ??= FILE_MODE;
  if (volume.image !== undefined) volume.image.pullPolicy ||= pullPolicy(volume.image.reference);
  if (volume.ephemeral?.volumeClaimTemplate !== undefined) {
    volume.ephemeral.volumeClaimTemplate.metadata ??= {};
    applyClaimSpecDefaults(specOf(volume.ephemeral.volumeClaimTemplate));
  }
  const items = [
    ...(volume.downwardAPI?.items ?? []),
    ...(volume.projected?.sources ?? []).flatMap((source) => source.downwardAPI?.items ?? []),
  ];
  for (const item of items) {
    if (item.fieldRef !== undefined) item.fieldRef.apiVersion ||= 'v1';
    if (item.resourceFieldRef !== undefined) {
      item.resourceFieldRef.divisor = canonicalQuantity(item.resourceFieldRef.divisor ?? '0');
    }
  }
  for (const source of volume.projected?.sources ?? []) {
    if (source.serviceAccountToken !== undefined) source.serviceAccountToken.expirationSeconds ??= 3600;
  }
}

/** The defaults of a claim's spec, in a claim, a template, or an ephemeral volume. */
export function applyClaimSpecDefaults(spec: {
  volumeMode?: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
}): void {
  spec.volumeMode ??= 'Filesystem';
  canonicalize(spec.resources?.requests);
  canonicalize(spec.resources?.limits);
}
