import type { Service } from '../../../../shared/kubernetes/objects';
import { addressWarnings, cidrWarnings } from './ip-addresses';

/** @returns texts for `Warning` headers (pkg/api/service/warnings.go, `GetWarningsForService`). */
export function serviceWarnings({ metadata, spec = {} }: Service): string[] {
  const { clusterIP = '', clusterIPs = [], externalIPs = [], loadBalancerIP = '', trafficDistribution } = spec;
  const warnings: string[] = [];
  if (metadata.annotations?.['service.kubernetes.io/topology-aware-hints'] !== undefined) {
    warnings.push(
      'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
    );
  }
  if (clusterIP !== '' && clusterIP !== 'None') warnings.push(...unusual(clusterIPs, 'spec.clusterIPs'));
  if (spec.type === 'ClusterIP' && clusterIP === 'None') {
    const ignored = [
      ...(loadBalancerIP === '' ? [] : ['loadBalancerIP']),
      ...(externalIPs.length === 0 ? [] : ['externalIPs']),
      ...(spec.sessionAffinity === 'None' ? [] : ['SessionAffinity']),
    ];
    warnings.push(...ignored.map((field) => `spec.${field} is ignored for headless services`));
  }
  warnings.push(...unusual(externalIPs, 'spec.externalIPs'));
  if (loadBalancerIP !== '') warnings.push(...addressWarnings(loadBalancerIP, 'spec.loadBalancerIP'));
  for (const [index, range] of (spec.loadBalancerSourceRanges ?? []).entries()) {
    warnings.push(...cidrWarnings(range, `spec.loadBalancerSourceRanges[${index}]`));
  }
  if (spec.type === 'ExternalName' && externalIPs.length > 0) {
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (spec.type !== 'ExternalName' && spec.externalName) {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  if (trafficDistribution === 'PreferClose') {
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  return warnings;
}

const unusual = (addresses: readonly string[], path: string) =>
  addresses.flatMap((address, index) => addressWarnings(address, `${path}[${index}]`));
