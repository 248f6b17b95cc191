import type { Node } from '../../../../../shared/kubernetes/objects';
import { deepEqual } from '../../json';
import { forbidden } from '../forbidden';
import type { AdmissionRequest } from '../plugin';

/** What a kubelet may say of its machine by labels (k8s.io/kubelet/pkg/apis, IsKubeletLabel). */
const KUBELET_LABELS = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);
const KUBELET_DOMAINS = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const KUBERNETES_DOMAINS = ['kubernetes.io', 'k8s.io'];
/** For those who sort nodes by how far they trust them. */
const RESTRICTED_DOMAIN = 'node-restriction.kubernetes.io';

type Labels = Readonly<Record<string, string>>;

/** A node changes its own Node only, and nothing by which it could draw workloads onto itself. */
export function checkOwnNode(node: string, request: AdmissionRequest): void {
  const { name } = request.attributes;
  const quoted = JSON.stringify(node);
  if (name !== node) {
    throw forbidden(request, `node ${quoted} is not allowed to modify node ${JSON.stringify(name)}`);
  }
  const next = request.object as Node | undefined;
  if (next === undefined) return;
  if (request.operation === 'CREATE') {
    if (next.spec?.configSource !== undefined) {
      throw forbidden(request, `node ${quoted} is not allowed to create pods with a non-nil configSource`);
    }
    const labels = forbiddenLabels(next.metadata.labels, {});
    if (labels.length === 0) return;
    throw forbidden(request, `node ${quoted} is not allowed to set the following labels: ${labels.join(', ')}`);
  }
  const old = request.oldObject as Node | undefined;
  if (request.operation !== 'UPDATE' || old === undefined) return;
  const source = next.spec?.configSource;
  if (source !== undefined && !deepEqual(source, old.spec?.configSource)) {
    throw forbidden(request, `node ${quoted} is not allowed to update configSource to a new non-nil configSource`);
  }
  if (!deepEqual(next.spec?.taints ?? [], old.spec?.taints ?? [])) {
    throw forbidden(request, `node ${quoted} is not allowed to modify taints`);
  }
  if (!deepEqual(next.metadata.ownerReferences ?? [], old.metadata.ownerReferences ?? [])) {
    throw forbidden(request, `node ${quoted} is not allowed to modify ownerReferences`);
  }
  const labels = forbiddenLabels(next.metadata.labels, old.metadata.labels);
  if (labels.length > 0) throw forbidden(request, `is not allowed to modify labels: ${labels.join(', ')}`);
}

/** Of the labels that change, those that are not for a node to choose. */
function forbiddenLabels(next: Labels = {}, old: Labels = {}): string[] {
  const changed = [...new Set([...Object.keys(next), ...Object.keys(old)])].filter((key) => next[key] !== old[key]);
  return changed.filter((key) => isIn(key, [RESTRICTED_DOMAIN]) || isUnknownKubernetes(key)).sort();
}

function isUnknownKubernetes(key: string): boolean {
  return isIn(key, KUBERNETES_DOMAINS) && !KUBELET_LABELS.has(key) && !isIn(key, KUBELET_DOMAINS);
}

/** Whether a label's prefix is one of the domains, or below one. */
function isIn(key: string, domains: readonly string[]): boolean {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? '' : key.slice(0, slash);
  return domains.some((domain) => prefix === domain || prefix.endsWith(`.${domain}`));
}
