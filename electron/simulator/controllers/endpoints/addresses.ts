import type { V1ServicePort } from '@kubernetes/client-node';
import { isPodFinished } from '../../../../shared/kubernetes/conditions';
import type { EndpointSlice, Json, Pod, Service } from '../../../../shared/kubernetes/objects';
import { services } from '../../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import type { ComponentContext } from '../../component';
import { type Informer, keyOf } from '../../informer';
import { equivalent } from '../equality';

export const SERVICE_NAME = 'kubernetes.io/service-name';
export const HEADLESS = 'service.kubernetes.io/headless';

export type Port = NonNullable<EndpointSlice['ports']>[number];

/** Whether the pod has an address that traffic may ever reach (staging/src/k8s.io/endpointslice/util, `ShouldPodBeInEndpoints`). */
export function mayBeEndpoint(pod: Pod): boolean {
  return !isPodFinished(pod) && Boolean(pod.status?.podIP);
}

/** Whether a controller keeps the service's endpoints; without a selector they are someone else's to keep. */
export function isManaged(service: Service): boolean {
  return service.spec?.type !== 'ExternalName' && Object.keys(service.spec?.selector ?? {}).length > 0;
}

export function selects(service: Service, pod: Pod): boolean {
  if (!isManaged(service)) return false;
  return selectorFromLabelSelector({ matchLabels: service.spec?.selector ?? {} }).matches(pod.metadata.labels);
}

export function isHeadless(service: Service): boolean {
  return service.spec?.clusterIP === 'None';
}

/** Where the service's ports lead on this pod; a named target port is looked up in its containers (`FindPort`). */
export function portsOn(service: Service, pod: Pod): Port[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPort(port, pod);
    if (number === undefined) return [];
    return {
      name: port.name ?? '',
      port: number,
      protocol: port.protocol ?? 'TCP',
      ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
    };
  });
}

function targetPort({ targetPort: target, port, protocol = 'TCP' }: Json<V1ServicePort>, pod: Pod): number | undefined {
  if (target === undefined || target === 0) return port;
  if (typeof target === 'number') return target;
  const sidecars = (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    const found = container.ports?.find((each) => each.name === target && (each.protocol ?? 'TCP') === protocol);
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}

/** The host name by which the pod is found under a headless service of its subdomain. */
export function hostnameUnder(service: Service, pod: Pod): string | undefined {
  return pod.spec?.hostname && pod.spec.subdomain === service.metadata.name ? pod.spec.hostname : undefined;
}

/** Tells which services a change of a pod concerns. */
export function watchPods(context: ComponentContext, pods: Informer<Pod>, changed: (serviceKey: string) => void): void {
  const all = context.informers.for(services);
  const tell = (...versions: readonly Pod[]) => {
    for (const service of all.list(versions[0]?.metadata.namespace)) {
      if (versions.some((pod) => selects(service, pod))) changed(keyOf(service));
    }
  };
  pods.addHandlers({
    add: (pod) => tell(pod),
    update: (pod, previous) => {
      if (!equivalent(facts(pod), facts(previous))) tell(pod, previous);
    },
    delete: (pod) => tell(pod),
  });
}

/** All of a pod that endpoints are made from. */
function facts({ metadata, spec, status }: Pod): object {
  return {
    labels: metadata.labels,
    deleted: metadata.deletionTimestamp !== undefined,
    node: spec?.nodeName,
    phase: status?.phase,
    addresses: status?.podIPs,
    ready: status?.conditions?.find(({ type }) => type === 'Ready')?.status,
  };
}
