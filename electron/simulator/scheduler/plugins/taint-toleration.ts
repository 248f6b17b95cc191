import { tolerates, untoleratedTaint } from '../../../../shared/kubernetes/taints';
import { normalizeScores, type Plugin } from '../framework';

const REJECTION = { plugin: 'TaintToleration', reasons: ['node(s) had untolerated taint(s)'], resolvable: false };

/** Nodes with taints that a pod does not tolerate are out; those with taints it would rather avoid come last. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  helpedBy: ['node'],
  preFilter: ({ pod }) => ({
    filter: ({ node }) =>
      untoleratedTaint(node.spec?.taints, pod.spec?.tolerations, ['NoSchedule', 'NoExecute']) === undefined
        ? undefined
        : REJECTION,
  }),
  preScore: ({ pod }, _cache, nodes) => {
    const soft = nodes.some(({ node }) => node.spec?.taints?.some(({ effect }) => effect === 'PreferNoSchedule'));
    if (!soft) return undefined;
    const tolerations = (pod.spec?.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    return {
      score: ({ node }) =>
        (node.spec?.taints ?? []).filter(
          (taint) =>
            taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
        ).length,
      normalize: (scores) => normalizeScores(scores, true),
    };
  },
};
