import type { Node } from '../../../../shared/kubernetes/objects';
import { nodes } from '../../../../shared/kubernetes/resources';
import { nodePrinter } from '../printers/node';
import type { ResourceDefinition } from '../registry/definition';
import { forbidden } from '../validation/field-error';
import { immutableCidr, validateTaints } from '../validation/node';
import { canonicalize } from './pod-defaults';

/** What Go writes of a node that has told nothing of itself yet. */
const UNKNOWN_SYSTEM = {
  machineID: '',
  systemUUID: '',
  bootID: '',
  kernelVersion: '',
  osImage: '',
  containerRuntimeVersion: '',
  kubeletVersion: '',
  kubeProxyVersion: '',
  operatingSystem: '',
  architecture: '',
};

export const nodeDefinition: ResourceDefinition<Node> = {
  resource: nodes,
  singular: 'node',
  shortNames: ['no'],
  categories: [],
  hasStatus: true,
  printer: nodePrinter,
  strategy: {
    applyDefaults(node) {
      node.spec ??= {};
      node.status = {
        ...node.status,
        daemonEndpoints: { kubeletEndpoint: { Port: 0 }, ...node.status?.daemonEndpoints },
      };
      node.status.nodeInfo = { ...UNKNOWN_SYSTEM, ...node.status.nodeInfo };
      canonicalize(node.status?.capacity);
      canonicalize(node.status?.allocatable);
      if (node.status?.capacity !== undefined) node.status.allocatable ??= { ...node.status.capacity };
    },
    validate: ({ spec }) => validateTaints(spec?.taints, 'spec.taints'),
    validateUpdate: ({ spec }, { spec: old }) => [
      // Addresses are given once, by whoever manages the pod network.
      ...(old?.podCIDR ? immutableCidr(spec?.podCIDRs, old.podCIDRs) : []),
      ...(old?.providerID && spec?.providerID !== old.providerID
        ? [forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid')]
        : []),
    ],
  },
  fieldLabels: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
  subresources: [{ name: 'proxy', kind: 'NodeProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] }],
};
