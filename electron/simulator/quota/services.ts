import type { Service } from '../../../shared/kubernetes/objects';
import { services } from '../../../shared/kubernetes/resources';
import { countName, type Evaluator } from './evaluator';

const COUNT = countName(services);
const NAMES = [COUNT, 'services', 'services.nodeports', 'services.loadbalancers'];

/** pkg/quota/v1/evaluator/core/services.go */
export const serviceEvaluator: Evaluator<Service> = {
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  matching: (names) => names.filter((name) => NAMES.includes(name)),
  usage: (service) => ({
    [COUNT]: '1',
    services: '1',
    'services.loadbalancers': service.spec?.type === 'LoadBalancer' ? '1' : '0',
    'services.nodeports': String(nodePorts(service)),
  }),
  frees: (service, previous) => countedType(service) !== countedType(previous),
};

/** Node ports may be yet to be given: what counts is how many are meant. */
function nodePorts({ spec }: Service): number {
  const { type, ports = [], allocateLoadBalancerNodePorts } = spec ?? {};
  if (type === 'LoadBalancer' && allocateLoadBalancerNodePorts === false) {
    return ports.filter(({ nodePort }) => nodePort).length;
  }
  return type === 'NodePort' || type === 'LoadBalancer' ? ports.length : 0;
}

function countedType({ spec }: Service): string {
  return spec?.type === 'NodePort' || spec?.type === 'LoadBalancer' ? spec.type : '';
}
