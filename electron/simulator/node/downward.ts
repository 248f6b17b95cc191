import type { Pod } from '../../../shared/kubernetes/objects';
import { parseQuantity } from '../../../shared/kubernetes/quantities';
import type { ContainerSpec } from './types';

/** A field of the pod as text (pkg/fieldpath, with what pkg/kubelet/kubelet_pods.go adds). */
export function fieldValue(
  pod: Pod,
  path: string,
  addresses: { podIP: string; hostIP: string; nodeName: string },
): string | undefined {
  const { metadata, spec } = pod;
  const subscript = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (subscript !== null) return metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2] ?? ''] ?? '';
  const all = (map: Record<string, string> | undefined) =>
    Object.entries(map ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join('\n');
  switch (path) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace;
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return all(metadata.labels);
    case 'metadata.annotations':
      return all(metadata.annotations);
    case 'spec.nodeName':
      return addresses.nodeName;
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? 'default';
    case 'status.hostIP':
    case 'status.hostIPs':
      return addresses.hostIP;
    case 'status.podIP':
    case 'status.podIPs':
      return addresses.podIP;
    default:
      return undefined;
  }
}

/** `requests.cpu` and the like, rounded up to whole divisors (k8s.io/kubectl/pkg/util/resource). */
export function resourceFieldValue(
  pod: Pod,
  container: ContainerSpec,
  reference: { resource: string; divisor?: string; containerName?: string },
): string {
  const spec = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].find(
    ({ name }) => name === (reference.containerName ?? container.name),
  );
  const [kind = '', ...rest] = reference.resource.split('.');
  const resource = rest.join('.');
  const amount = kind === 'limits' ? spec?.resources?.limits?.[resource] : spec?.resources?.requests?.[resource];
  const divisor = parseQuantity(reference.divisor && reference.divisor !== '0' ? reference.divisor : '1');
  return String(Math.ceil(parseQuantity(amount ?? '0') / divisor));
}
