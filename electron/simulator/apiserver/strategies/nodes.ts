import type { Node } from '../../../../shared/kubernetes/objects';
import { nodes } from '../../../../shared/kubernetes/resources';
import { setOrDrop } from '../json';
import { nodePrinter } from '../printers/node';
import type { ResourceDefinition } from '../registry/definition';
import { nodeWarnings, validateNode, validateNodeUpdate } from '../validation/node';
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
      matchNetworks(node.spec);
      const status = {
        ...node.status,
        daemonEndpoints: { kubeletEndpoint: { Port: 0 }, ...node.status?.daemonEndpoints },
        nodeInfo: { ...UNKNOWN_SYSTEM, ...node.status?.nodeInfo },
      };
      canonicalize(status.capacity);
      canonicalize(status.allocatable);
      if (status.capacity !== undefined) status.allocatable ??= { ...status.capacity };
      node.status = status;
    },
    prepareForCreate({ spec, status }) {
      delete spec?.configSource;
      delete status?.config;
      // Only with the feature NodeDeclaredFeatures, unless the status is written by itself.
      delete status?.declaredFeatures;
    },
    prepareForUpdate(node, old) {
      delete node.spec?.configSource;
      setOrDrop(node, 'status', old.status);
    },
    status: {
      prepareForUpdate({ status }, old) {
        if (old.status?.config === undefined) delete status?.config;
      },
      validateUpdate: validateNodeUpdate,
    },
    validate: validateNode,
    validateUpdate: validateNodeUpdate,
    warnings: ({ spec = {} }) => nodeWarnings(spec),
  },
  fieldLabels: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
  subresources: [{ name: 'proxy', kind: 'NodeProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] }],
};

/** One range can be said in two ways: the older one counts (pkg/apis/core/v1/conversion.go, `Convert_v1_NodeSpec_To_core_NodeSpec`). */
function matchNetworks(spec: NonNullable<Node['spec']>): void {
  const { podCIDR, podCIDRs = [] } = spec;
  if (podCIDR && podCIDR !== podCIDRs[0]) spec.podCIDRs = [podCIDR];
  if (spec.podCIDRs?.[0]) [spec.podCIDR] = spec.podCIDRs;
}
