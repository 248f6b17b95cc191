import type { NetworkPolicy } from '../../../../shared/kubernetes/objects';
import { networkPolicies } from '../../../../shared/kubernetes/resources';
import { networkPolicyPrinter } from '../printers/network';
import type { ResourceDefinition } from '../registry/definition';
import { networkPolicyWarnings, validateNetworkPolicy } from '../validation/network-policy';
import { specOf } from './pod-defaults';

export const networkPolicyDefinition: ResourceDefinition<NetworkPolicy> = {
  resource: networkPolicies,
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  categories: [],
  hasStatus: false,
  printer: networkPolicyPrinter,
  strategy: {
    applyDefaults(policy) {
      const spec = specOf(policy);
      spec.podSelector ??= {};
      // Egress is restricted only by a policy that speaks of it.
      if ((spec.policyTypes ?? []).length === 0) {
        spec.policyTypes = (spec.egress ?? []).length === 0 ? ['Ingress'] : ['Ingress', 'Egress'];
      }
      for (const port of [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap((rule) => rule.ports ?? [])) {
        port.protocol ||= 'TCP';
      }
    },
    validate: validateNetworkPolicy,
    warnings: networkPolicyWarnings,
  },
};
