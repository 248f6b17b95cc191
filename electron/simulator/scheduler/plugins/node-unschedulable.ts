import { tolerates } from '../../../../shared/kubernetes/taints';
import type { Plugin } from '../framework';

const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const REJECTION = { plugin: 'NodeUnschedulable', reasons: ['node(s) were unschedulable'], resolvable: false };

/** Cordoned nodes take nothing, except what tolerates the taint that stands for it. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  helpedBy: ['node'],
  preFilter: ({ pod }) => {
    if (pod.spec?.tolerations?.some((toleration) => tolerates(toleration, TAINT))) return undefined;
    return { filter: ({ node }) => (node.spec?.unschedulable === true ? REJECTION : undefined) };
  },
};
