import type { Node } from '../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, forbidden, internal, invalid } from './field-error';
import { internalText } from './internal-text';
import { cidrWarnings, isIPv6Address, legacyCidrProblems } from './ip-addresses';
import { validateNodeAnnotations } from './node-annotations';
import { validateAmount } from './pod-spec/resources';
import { validateTaints } from './taints';
import { invalidFor, positive } from './values';

type Spec = NonNullable<Node['spec']>;

const NETWORKS = 'spec.podCIDRs';
const FEATURE = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;
const LONGEST_FEATURE = 253;

/** pkg/apis/core/validation, `ValidateNode`; upstream looks for taints in metadata. */
export function validateNode(node: Node): FieldError[] {
  return [
    ...validateNodeAnnotations(node.metadata.annotations),
    ...validateTaints(node.spec?.taints ?? [], 'metadata.taints'),
    ...validateNodeResources(node),
    ...positive(node.status?.nodeInfo?.swap?.capacity, 'metadata.nodeSwapStatus.capacity'),
    ...validateFeatures(node.status?.declaredFeatures ?? []),
    ...validateNetworks(node.spec?.podCIDRs ?? []),
  ];
}

/** What a status must keep to as well (`ValidateNodeUpdate`). */
export function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  const { spec = {}, status } = node;
  const { spec: had = {} } = old;
  const seen = new Set<string>();
  const again = (status?.addresses ?? []).flatMap((address, index) => {
    const text = `${address.type} ${address.address}`;
    const errors = seen.has(text)
      ? [duplicate(`status.addresses[${index}]`, internalText('NodeAddress', address))]
      : [];
    seen.add(text);
    return errors;
  });
  return [
    ...validateNodeAnnotations(node.metadata.annotations),
    ...validateNodeResources(node),
    ...validateFeatures(status?.declaredFeatures ?? []),
    ...again,
    ...validateNetworkChange(spec.podCIDRs ?? [], had.podCIDRs ?? []),
    ...(had.providerID && spec.providerID !== had.providerID
      ? [forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid')]
      : []),
    ...validateTaints(spec.taints ?? [], 'metadata.taints'),
    ...((spec.externalID ?? '') === (had.externalID ?? '') ? [] : [forbidden('spec.externalID', 'may not be updated')]),
  ];
}

/** `ValidateNodeResources`. */
function validateNodeResources({ status }: Node): FieldError[] {
  return (['capacity', 'allocatable'] as const).flatMap((field) =>
    Object.entries(status?.[field] ?? {}).flatMap(([name, amount]) =>
      validateAmount(name, amount, `status.${field}.${name}`),
    ),
  );
}

/** `validateNodeDeclaredFeatures`: well-formed names, in order. */
function validateFeatures(features: readonly string[]): FieldError[] {
  return features.flatMap((feature, index) => {
    const next = `status.declaredFeatures[${index + 1}]`;
    const following = features[index + 1];
    const errors = invalidFor(`status.declaredFeatures[${index}]`, feature, featureProblems);
    if (following === undefined || feature < following) return errors;
    const error =
      feature === following
        ? duplicate(next, following)
        : invalid(next, following, 'list must be sorted alphabetically');
    return [...errors, error];
  });
}

function featureProblems(feature: string): string[] {
  const start = `invalid feature name ${JSON.stringify(feature)}: must`;
  if (feature.length > LONGEST_FEATURE) return [`${start} be no more than ${LONGEST_FEATURE} characters`];
  if (FEATURE.test(feature)) return [];
  return [
    `${start} start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes`,
  ];
}

/** The ranges of a node's pods: one of each family at most. */
function validateNetworks(networks: readonly string[]): FieldError[] {
  const errors = networks.flatMap((network, index) => invalidFor(`${NETWORKS}[${index}]`, network, legacyCidrProblems));
  if (networks.length < 2) return errors;
  const odd = networks.findIndex((network) => legacyCidrProblems(network).length > 0);
  if (odd >= 0) {
    const why = `invalid CIDR[${odd}]: <nil> (invalid CIDR address: ${networks[odd]})`;
    errors.push(internal(NETWORKS, `invalid PodCIDRs. failed to check with dual stack with error:${why}`));
  }
  const families = new Set(networks.map((network) => isIPv6Address(network.replace(/\/.*/, ''))));
  if (odd >= 0 || families.size < 2 || networks.length > 2) {
    errors.push(invalid(NETWORKS, networks, 'may specify no more than one CIDR for each IP family'));
  }
  return errors;
}

/** They are given once, by whoever manages the network of pods. */
function validateNetworkChange(networks: readonly string[], old: readonly string[]): FieldError[] {
  if (old.length === 0) return [];
  const error = forbidden(NETWORKS, 'node updates may not change podCIDR except from "" to valid');
  if (networks.length !== old.length) return [error];
  return old.flatMap((network, index) => (network === networks[index] ? [] : [error]));
}

/** @returns texts for `Warning` headers (pkg/registry/core/node/strategy.go, `nodeWarnings`). */
export function nodeWarnings({ externalID, podCIDRs = [] }: Spec): string[] {
  return [
    ...(externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
    ...podCIDRs.flatMap((network, index) => cidrWarnings(network, `${NETWORKS}[${index}]`)),
  ];
}
