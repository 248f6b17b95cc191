import type { NodeMetrics, PodMetrics, ResourceUsage } from '../../../../shared/kubernetes/objects';
import { addQuantities } from '../../../../shared/kubernetes/quantities';
import { nodeMetrics, podMetrics } from '../../../../shared/kubernetes/resources';
import { column, nameColumn, nameOf } from '../printers/columns';
import { anyDefinition, type ResourceDefinition } from '../registry/definition';
import type { Store } from '../storage/store';

const usageColumns = [
  column('cpu', 'How much of the processors was used.'),
  column('memory', 'How much memory was used.'),
  column('Window', 'Over how long.'),
];

const READ_ONLY = ['get', 'list'];

/**
 * The resources of the metrics API, as metrics-server serves them (k8s.io/metrics/pkg/apis/metrics/v1beta1).
 * @param store where they are kept.
 * @param refresh puts there what there is now; throws the StatusError of an API that is not available.
 */
export function metricsDefinitions(store: Store, refresh: () => void): ResourceDefinition[] {
  const common = {
    shortNames: [],
    categories: [],
    hasStatus: false,
    verbs: READ_ONLY,
    strategy: {},
    store,
    beforeRead: refresh,
  };
  const nodes: ResourceDefinition<NodeMetrics> = {
    ...common,
    resource: nodeMetrics,
    singular: '',
    printer: {
      columns: [nameColumn, ...usageColumns],
      cells: (metrics) => [nameOf(metrics), metrics.usage.cpu, metrics.usage.memory, metrics.window],
    },
  };
  const pods: ResourceDefinition<PodMetrics> = {
    ...common,
    resource: podMetrics,
    singular: '',
    printer: {
      columns: [nameColumn, ...usageColumns],
      cells: (metrics) => {
        const { cpu, memory } = total(metrics.containers);
        return [nameOf(metrics), cpu, memory, metrics.window];
      },
    },
  };
  return [anyDefinition(nodes), anyDefinition(pods)];
}

function total(containers: PodMetrics['containers']): ResourceUsage {
  return containers.reduce(
    (sum, { usage }) => ({
      cpu: addQuantities(sum.cpu, usage.cpu),
      memory: addQuantities(sum.memory, usage.memory),
    }),
    { cpu: '0', memory: '0' },
  );
}
