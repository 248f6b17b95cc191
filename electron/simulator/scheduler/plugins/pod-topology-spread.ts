import { allowsNode } from '../../../../shared/kubernetes/node-affinity';
import { LabelSelector, selectorFromLabelSelector } from '../../../../shared/kubernetes/selectors';
import { untoleratedTaint } from '../../../../shared/kubernetes/taints';
import type { Cache } from '../cache';
import { type Filter, MAX_SCORE, type Plugin } from '../framework';
import type { NodeInfo } from '../node-info';
import type { PodInfo, PodSpec } from '../pod-info';

const NAME = 'PodTopologySpread';
const SKEW = { plugin: NAME, reasons: ["node(s) didn't match pod topology spread constraints"], resolvable: true };
const MISSING_LABEL = {
  plugin: NAME,
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  resolvable: false,
};

type RawConstraint = NonNullable<PodSpec['topologySpreadConstraints']>[number];

interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: LabelSelector;
  readonly honourAffinity: boolean;
  readonly honourTaints: boolean;
}

function read(raw: RawConstraint, info: PodInfo): Constraint {
  const base = selectorFromLabelSelector(raw.labelSelector);
  const extra = (raw.matchLabelKeys ?? []).flatMap((key) => {
    const value = info.labels[key];
    return value === undefined ? [] : [{ key, operator: 'in' as const, values: [value] }];
  });
  return {
    topologyKey: raw.topologyKey,
    maxSkew: raw.maxSkew,
    minDomains: raw.minDomains ?? 1,
    selector: extra.length === 0 ? base : new LabelSelector([...base.requirements, ...extra]),
    honourAffinity: raw.nodeAffinityPolicy !== 'Ignore',
    honourTaints: raw.nodeTaintsPolicy === 'Honor',
  };
}

function counts(node: NodeInfo, constraint: Constraint, info: PodInfo): boolean {
  const { spec } = info.pod;
  if (constraint.honourAffinity && spec !== undefined && !allowsNode(spec, node.node)) return false;
  if (!constraint.honourTaints) return true;
  return untoleratedTaint(node.node.spec?.taints, spec?.tolerations, ['NoSchedule', 'NoExecute']) === undefined;
}

/** Pods that a constraint means, a number for each domain that `nodes` make up. */
function domainCounts(
  constraint: Constraint,
  all: readonly Constraint[],
  info: PodInfo,
  cache: Cache,
  nodes: readonly NodeInfo[],
): Map<string, number> {
  const result = new Map<string, number>();
  const counted = new Set<string>();
  for (const node of nodes) {
    const domain = node.labels[constraint.topologyKey];
    if (domain === undefined || !all.every(({ topologyKey }) => node.labels[topologyKey] !== undefined)) continue;
    if (!counts(node, constraint, info)) continue;
    counted.add(node.name);
    if (!result.has(domain)) result.set(domain, 0);
  }
  for (const other of cache.matching(info.namespace, constraint.selector)) {
    if (other.pod.metadata.deletionTimestamp !== undefined) continue;
    const node = cache.nodeOf(other);
    if (node === undefined || !counted.has(node.name)) continue;
    const domain = node.labels[constraint.topologyKey] ?? '';
    result.set(domain, (result.get(domain) ?? 0) + 1);
  }
  return result;
}

function hardFilter(constraints: readonly Constraint[], info: PodInfo, cache: Cache): Filter {
  const prepared = constraints.map((constraint) => {
    const found = domainCounts(constraint, constraints, info, cache, cache.nodes);
    const lowest = found.size < constraint.minDomains ? 0 : Math.min(...found.values());
    return { constraint, found, lowest, self: constraint.selector.matches(info.labels) ? 1 : 0 };
  });
  return (node) => {
    for (const { constraint, found, lowest, self } of prepared) {
      const domain = node.labels[constraint.topologyKey];
      if (domain === undefined) return MISSING_LABEL;
      if ((found.get(domain) ?? 0) + self - lowest > constraint.maxSkew) return SKEW;
    }
    return undefined;
  };
}

/** What pods of a controller have when they say nothing: spread over nodes, then over zones. */
function defaultConstraints(info: PodInfo): Constraint[] {
  const owner = info.pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return [];
  // Upstream looks the owner's selector up; the labels it stamps on its pods say the same.
  const stamped = [
    'pod-template-hash',
    'controller-revision-hash',
    'job-name',
    'app',
    'app.kubernetes.io/name',
    'k8s-app',
  ];
  const key = stamped.find((name) => info.labels[name] !== undefined);
  const value = key === undefined ? undefined : info.labels[key];
  if (key === undefined || value === undefined) return [];
  const selector = new LabelSelector([{ key, operator: 'in', values: [value] }]);
  const common = { minDomains: 1, selector, honourAffinity: true, honourTaints: false };
  return [
    { ...common, topologyKey: 'kubernetes.io/hostname', maxSkew: 3 },
    { ...common, topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
  ];
}

/** Even numbers over zones, nodes or whatever else a label divides the cluster into. */
export const podTopologySpread: Plugin = {
  name: NAME,
  weight: 2,
  helpedBy: ['node', 'pod-added', 'pod-removed'],
  preFilter: (info, cache) => {
    const constraints = (info.pod.spec?.topologySpreadConstraints ?? [])
      .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule')
      .map((raw) => read(raw, info));
    return constraints.length === 0 ? undefined : { filter: hardFilter(constraints, info, cache) };
  },
  preScore: (info, cache, nodes) => {
    const raw = info.pod.spec?.topologySpreadConstraints ?? [];
    const soft = raw.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway');
    const constraints = raw.length > 0 ? soft.map((each) => read(each, info)) : defaultConstraints(info);
    if (constraints.length === 0) return undefined;
    const required = raw.length > 0 ? constraints : [];
    const prepared = constraints.map((constraint) => {
      const found = domainCounts(constraint, required, info, cache, nodes);
      return { constraint, found, weight: Math.log(found.size + 2) };
    });
    const ignored = (node: NodeInfo) => required.some(({ topologyKey }) => node.labels[topologyKey] === undefined);
    return {
      score: (node) => {
        if (ignored(node)) return -1;
        let sum = 0;
        for (const { constraint, found, weight } of prepared) {
          const domain = node.labels[constraint.topologyKey];
          if (domain !== undefined) sum += (found.get(domain) ?? 0) * weight + (constraint.maxSkew - 1);
        }
        return Math.round(sum);
      },
      normalize: (scores) => {
        const known = scores.filter((score) => score >= 0);
        const highest = Math.max(0, ...known);
        const lowest = known.length === 0 ? 0 : Math.min(...known);
        return scores.map((score) => {
          if (score < 0) return 0;
          return highest === 0 ? MAX_SCORE : Math.floor((MAX_SCORE * (highest + lowest - score)) / highest);
        });
      },
    };
  },
};
