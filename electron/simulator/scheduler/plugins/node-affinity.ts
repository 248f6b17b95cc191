import { allowsNode, matchesNodeSelectorTerm } from '../../../../shared/kubernetes/node-affinity';
import { normalizeScores, type Plugin } from '../framework';
import type { PodSpec } from '../pod-info';

const REJECTION = {
  plugin: 'NodeAffinity',
  reasons: ["node(s) didn't match Pod's node affinity/selector"],
  resolvable: false,
};

/** The nodes that every term asks for by name, as a daemon's pods do. `undefined`: any may do. */
function namedNodes(spec: PodSpec): Set<string> | undefined {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms === undefined) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const byName = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    if (byName.length === 0) return undefined;
    for (const { values = [] } of byName) for (const name of values) names.add(name);
  }
  return names;
}

/** `nodeSelector`, required and preferred node affinity. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  helpedBy: ['node'],
  preFilter: ({ pod: { spec } }) => {
    const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (spec === undefined || (required === undefined && spec.nodeSelector === undefined)) return undefined;
    const nodes = namedNodes(spec);
    return {
      filter: ({ node }) => (allowsNode(spec, node) ? undefined : REJECTION),
      ...(nodes === undefined ? {} : { nodes }),
    };
  },
  preScore: ({ pod }) => {
    const preferred = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (preferred.length === 0) return undefined;
    return {
      score: ({ node }) =>
        preferred.reduce(
          (sum, { weight, preference }) => sum + (matchesNodeSelectorTerm(preference, node) ? weight : 0),
          0,
        ),
      normalize: (scores) => normalizeScores(scores, false),
    };
  },
};
