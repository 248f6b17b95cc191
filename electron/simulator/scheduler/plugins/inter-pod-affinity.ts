import type { Cache } from '../cache';
import { type Filter, MAX_SCORE, type Plugin } from '../framework';
import type { NodeInfo } from '../node-info';
import { type AffinityTerm, meansNamespace, type PodInfo, termMatches } from '../pod-info';

const NAME = 'InterPodAffinity';
const AFFINITY = { plugin: NAME, reasons: ["node(s) didn't match pod affinity rules"], resolvable: false };
const ANTI_AFFINITY = { plugin: NAME, reasons: ["node(s) didn't match pod anti-affinity rules"], resolvable: true };
const EXISTING = {
  plugin: NAME,
  reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
  resolvable: true,
};

/** How much a pod that merely satisfies another's required affinity is worth (hardPodAffinityWeight). */
const HARD_WEIGHT = 1;

/** Topology domains, as `key=value`. */
function domainOf(node: NodeInfo | undefined, key: string): string | undefined {
  const value = node?.labels[key];
  return value === undefined ? undefined : `${key}=${value}`;
}

function* meant(term: AffinityTerm, cache: Cache): Generator<PodInfo> {
  for (const namespace of cache.namespaces()) {
    if (meansNamespace(term, namespace)) yield* cache.matching(namespace.name, term.selector);
  }
}

/** The domains in which pods stand that a term means. */
function domains(term: AffinityTerm, cache: Cache): Set<string> {
  const found = new Set<string>();
  for (const other of meant(term, cache)) {
    const domain = domainOf(cache.nodeOf(other), term.topologyKey);
    if (domain !== undefined) found.add(domain);
  }
  return found;
}

/** Pods that want to be near others, or far from them; what is there already has its say as well. */
export const interPodAffinity: Plugin = {
  name: NAME,
  weight: 2,
  helpedBy: ['node', 'pod-added', 'pod-removed'],
  preFilter: (info, cache) => {
    const { requiredAffinity, requiredAntiAffinity } = info.terms;
    const home = cache.namespace(info.namespace);
    const forbidden = new Set<string>();
    for (const other of cache.withAffinity) {
      for (const term of other.terms.requiredAntiAffinity) {
        if (!termMatches(term, info, home)) continue;
        const domain = domainOf(cache.nodeOf(other), term.topologyKey);
        if (domain !== undefined) forbidden.add(domain);
      }
    }
    if (requiredAffinity.length + requiredAntiAffinity.length + forbidden.size === 0) return undefined;
    const near = requiredAffinity.map((term) => ({ key: term.topologyKey, found: domains(term, cache) }));
    const far = requiredAntiAffinity.map((term) => ({ key: term.topologyKey, found: domains(term, cache) }));
    // The first pod of a group that wants to be together may go anywhere that has the labels.
    const first =
      near.every(({ found }) => found.size === 0) && requiredAffinity.every((term) => termMatches(term, info, home));
    const filter: Filter = (node) => {
      for (const { key, found } of near) {
        const domain = domainOf(node, key);
        if (domain === undefined || !(found.has(domain) || first)) return AFFINITY;
      }
      for (const { key, found } of far) {
        const domain = domainOf(node, key);
        if (domain !== undefined && found.has(domain)) return ANTI_AFFINITY;
      }
      for (const domain of forbidden) {
        const [key = '', value] = domain.split(/=(.*)/s);
        if (node.labels[key] === value) return EXISTING;
      }
      return undefined;
    };
    return { filter };
  },
  preScore: (info, cache) => {
    const home = cache.namespace(info.namespace);
    const worth = new Map<string, number>();
    const count = (other: PodInfo, key: string, weight: number) => {
      const domain = domainOf(cache.nodeOf(other), key);
      if (domain !== undefined) worth.set(domain, (worth.get(domain) ?? 0) + weight);
    };
    const { preferredAffinity, preferredAntiAffinity } = info.terms;
    for (const term of preferredAffinity)
      for (const other of meant(term, cache)) count(other, term.topologyKey, term.weight);
    for (const term of preferredAntiAffinity) {
      for (const other of meant(term, cache)) count(other, term.topologyKey, -term.weight);
    }
    for (const other of cache.withAffinity) {
      const { requiredAffinity, preferredAffinity: likes, preferredAntiAffinity: dislikes } = other.terms;
      for (const term of requiredAffinity)
        if (termMatches(term, info, home)) count(other, term.topologyKey, HARD_WEIGHT);
      for (const term of likes) if (termMatches(term, info, home)) count(other, term.topologyKey, term.weight);
      for (const term of dislikes) if (termMatches(term, info, home)) count(other, term.topologyKey, -term.weight);
    }
    if (worth.size === 0) return undefined;
    const keys = new Set([...worth.keys()].map((domain) => domain.slice(0, domain.indexOf('='))));
    return {
      score: (node) => {
        let sum = 0;
        for (const key of keys) sum += worth.get(domainOf(node, key) ?? '') ?? 0;
        return sum;
      },
      normalize: (scores) => {
        const lowest = Math.min(...scores);
        const range = Math.max(...scores) - lowest;
        return scores.map((score) => (range === 0 ? 0 : Math.floor((MAX_SCORE * (score - lowest)) / range)));
      },
    };
  },
};
