import { dns1123LabelProblems } from '../../../../shared/kubernetes/label-syntax';
import { compareQuantities, parseQuantity } from '../../../../shared/kubernetes/quantities';
import type { Container, PodSpec } from '../strategies/pod-defaults';

/** Labels of nodes that have newer names. */
const OLD_NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** What is accepted in a pod's spec but rarely meant (pkg/api/pod/warnings.go): texts for `Warning` headers. */
export function podSpecWarnings(spec: PodSpec | undefined, path: string): string[] {
  if (spec === undefined) return [];
  const warnings = Object.keys(spec.nodeSelector ?? {}).flatMap((key) => {
    const text = OLD_NODE_LABELS[key];
    return text === undefined ? [] : [`${path}.nodeSelector[${key}]: ${text}`];
  });
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    warnings.push(
      `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  }
  for (const field of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[field] ?? []).entries()) {
      warnings.push(...containerWarnings(container, `${path}.${field}[${index}]`));
    }
  }
  return warnings;
}

function containerWarnings(container: Container, path: string): string[] {
  const warnings: string[] = [];
  for (const kind of ['limits', 'requests'] as const) {
    const memory = container.resources?.[kind]?.memory;
    if (memory === undefined) continue;
    if (compareQuantities(memory, String(Math.trunc(parseQuantity(memory)))) !== 0) {
      warnings.push(
        `${path}.resources.${kind}[memory]: fractional byte value ${JSON.stringify(memory)} is invalid, must be an integer`,
      );
    }
  }
  const names = new Set<string>();
  for (const [index, { name }] of (container.env ?? []).entries()) {
    if (names.has(name)) {
      const text = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
      warnings.push(`${path}.env[${index}]: ${text}`);
    }
    names.add(name);
  }
  const ports = new Map<string, number>();
  for (const [index, { containerPort, protocol = 'TCP' }] of (container.ports ?? []).entries()) {
    const identity = `${protocol}/${containerPort}`;
    const first = ports.get(identity);
    if (first === undefined) ports.set(identity, index);
    else warnings.push(`${path}.ports[${index}]: duplicate port definition with ${path}.ports[${first}]`);
  }
  return warnings;
}

/**
 * Names that make poor host names.
 * @param use what the name becomes: `the Pod's hostname`, `Pod names and hostnames`.
 */
export function hostNameWarnings(name: string | undefined, use: string): string[] {
  const problems = name ? dns1123LabelProblems(name) : [];
  if (problems.length === 0) return [];
  const advice = 'which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: this is used in ${use}, ${advice}: [${problems.join(' ')}]`];
}
