import type { Random } from '../random';
import type { Cache } from './cache';
import type { Diagnosis } from './fit-error';
import type { Filter, Plugin, Rejection } from './framework';
import type { NodeInfo } from './node-info';
import type { PodInfo } from './pod-info';

/** Up to so many nodes, all are looked at. */
const MINIMUM_FEASIBLE = 100;

/** How many nodes that will do are enough to choose from (schedule_one.go, numFeasibleNodesToFind). */
export function feasibleNodesToFind(nodes: number): number {
  if (nodes < MINIMUM_FEASIBLE) return nodes;
  const percentage = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(MINIMUM_FEASIBLE, Math.floor((nodes * percentage) / 100));
}

/** What every node that would do is worth by one plugin, in the order of the nodes. */
export interface PluginScores {
  readonly plugin: string;
  readonly weight: number;
  readonly scores: readonly number[];
}

/** The nodes that would do, with what they are worth; one alone is not scored. */
export interface Choice {
  readonly nodeCount: number;
  readonly feasible: readonly NodeInfo[];
  readonly rejections: ReadonlyMap<string, Rejection>;
  readonly scores: readonly PluginScores[];
}

export type Decision = { readonly node: string; readonly choice: Choice } | { readonly diagnosis: Diagnosis };

/** One pod at a time: which nodes will do, and which of them is best (schedule_one.go, schedulePod). */
export class SchedulingCycle {
  readonly #plugins: readonly Plugin[];
  readonly #cache: Cache;
  readonly #random: Random;
  /** Where the next walk over the nodes begins, so that all get their turn. */
  #next = 0;

  constructor(plugins: readonly Plugin[], cache: Cache, random: Random) {
    this.#plugins = plugins;
    this.#cache = cache;
    this.#random = random;
  }

  schedule(info: PodInfo): Decision {
    const nodeCount = this.#cache.nodes.length;
    const rejections = new Map<string, Rejection>();
    if (nodeCount === 0) return { diagnosis: { nodeCount, rejections } };
    const filters: Filter[] = [];
    let allowed: Set<string> | undefined;
    let narrowedBy: string[] = [];
    for (const plugin of this.#plugins) {
      const result = plugin.preFilter?.(info, this.#cache);
      if (result?.rejection !== undefined) {
        return { diagnosis: { nodeCount, rejections, preFilter: result.rejection } };
      }
      if (result?.filter !== undefined) filters.push(result.filter);
      const names = result?.nodes;
      if (names === undefined) continue;
      allowed = new Set([...(allowed ?? names)].filter((name) => names.has(name)));
      narrowedBy = [...narrowedBy, plugin.name];
    }
    const feasible = this.#feasible(filters, allowed, rejections);
    if (feasible.length === 0) {
      const others: Rejection | undefined =
        allowed === undefined
          ? undefined
          : {
              plugin: narrowedBy[0] ?? '',
              reasons: [`node(s) didn't satisfy plugin(s) [${narrowedBy.sort().join(' ')}]`],
              resolvable: false,
            };
      return { diagnosis: { nodeCount, rejections, ...(others === undefined ? {} : { others }) } };
    }
    const scores = this.#scoresOf(info, feasible);
    return { node: this.#best(feasible, scores).name, choice: { nodeCount, feasible, rejections, scores } };
  }

  #feasible(
    filters: readonly Filter[],
    allowed: ReadonlySet<string> | undefined,
    rejections: Map<string, Rejection>,
  ): NodeInfo[] {
    const nodes =
      allowed === undefined ? this.#cache.nodes : [...allowed].flatMap((name) => this.#cache.node(name) ?? []);
    const wanted = feasibleNodesToFind(nodes.length);
    const feasible: NodeInfo[] = [];
    let looked = 0;
    while (looked < nodes.length && feasible.length < wanted) {
      const node = nodes[(this.#next + looked++) % nodes.length];
      if (node === undefined) break;
      let rejection: Rejection | undefined;
      for (const filter of filters) {
        rejection = filter(node);
        if (rejection !== undefined) break;
      }
      if (rejection === undefined) feasible.push(node);
      else rejections.set(node.name, rejection);
    }
    if (allowed === undefined) this.#next = (this.#next + looked) % nodes.length;
    return feasible;
  }

  #best(nodes: readonly NodeInfo[], scores: readonly PluginScores[]): NodeInfo {
    const totals = totalsOf(nodes.length, scores);
    let best = nodes[0] as NodeInfo;
    let highest = Number.NEGATIVE_INFINITY;
    let ties = 0;
    nodes.forEach((node, index) => {
      const total = totals[index] ?? 0;
      if (total > highest) {
        best = node;
        highest = total;
        ties = 1;
      } else if (total === highest && this.#random.integer(0, ++ties) === 0) best = node;
    });
    return best;
  }

  /** The weighted sums of all scores, in the order of `nodes`. */
  scores(info: PodInfo, nodes: readonly NodeInfo[]): number[] {
    return totalsOf(nodes.length, this.#scoresOf(info, nodes));
  }

  #scoresOf(info: PodInfo, nodes: readonly NodeInfo[]): PluginScores[] {
    if (nodes.length === 1) return [];
    return this.#plugins.flatMap(({ name, preScore, weight = 1 }) => {
      const scorer = preScore?.(info, this.#cache, nodes);
      if (scorer === undefined) return [];
      const raw = nodes.map((node) => scorer.score(node));
      return [{ plugin: name, weight, scores: scorer.normalize?.(raw) ?? raw }];
    });
  }
}

/** The weighted sums, in the order of the nodes. */
export function totalsOf(count: number, all: readonly PluginScores[]): number[] {
  const totals = new Array<number>(count).fill(0);
  for (const { scores, weight } of all) {
    scores.forEach((score, index) => {
      totals[index] = (totals[index] ?? 0) + score * weight;
    });
  }
  return totals;
}
