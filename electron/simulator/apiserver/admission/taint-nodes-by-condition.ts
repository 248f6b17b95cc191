import { nodes } from '../../../../shared/kubernetes/resources';
import { written } from './concerns';
import type { AdmissionPluginFactory } from './plugin';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** No pod goes to a node that has not said yet that it is ready (plugin/pkg/admission/nodetaint). */
export const taintNodesByCondition: AdmissionPluginFactory = () => ({
  name: 'TaintNodesByCondition',
  changes: ['nodes'],
  admit(request) {
    const node = written(request, nodes, 'CREATE');
    if (node === undefined) return;
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return;
    node.spec = { ...node.spec, taints: [...taints, { ...NOT_READY }] };
  },
});
