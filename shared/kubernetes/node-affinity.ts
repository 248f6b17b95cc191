import type { V1NodeSelector, V1NodeSelectorRequirement, V1NodeSelectorTerm } from '@kubernetes/client-node';
import type { Json, Node, Pod } from './objects';
import { LabelSelector } from './selectors';

type Requirement = Json<V1NodeSelectorRequirement>;

const OPERATORS = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!', Gt: '>', Lt: '<' } as const;

function selectorOf(requirements: readonly Requirement[]): LabelSelector {
  return new LabelSelector(
    requirements.flatMap(({ key, operator, values }) => {
      const known = Object.entries(OPERATORS).find(([name]) => name === operator)?.[1];
      return known === undefined ? [] : { key, operator: known, values: values ?? [] };
    }),
  );
}

/** Whether a term holds; one without requirements never does (component-helpers/scheduling/corev1/nodeaffinity). */
export function matchesNodeSelectorTerm(term: Json<V1NodeSelectorTerm>, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const fields = { 'metadata.name': node.metadata.name ?? '' };
  return selectorOf(matchExpressions).matches(node.metadata.labels) && selectorOf(matchFields).matches(fields);
}

/** Whether any of the selector's terms holds. */
export function matchesNodeSelector(selector: Json<V1NodeSelector>, node: Node): boolean {
  return selector.nodeSelectorTerms.some((term) => matchesNodeSelectorTerm(term, node));
}

/** Whether the pod's `nodeSelector` and required node affinity allow the node. */
export function allowsNode(spec: NonNullable<Pod['spec']>, node: Node): boolean {
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
    if (node.metadata.labels?.[key] !== value) return false;
  }
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || matchesNodeSelector(required, node);
}
