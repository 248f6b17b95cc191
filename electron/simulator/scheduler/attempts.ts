import type { NodeScore, SchedulingAttempt, SchedulingVerdict } from '../../../shared/kubernetes/simulator';
import { schedulingVerdicts } from '../../../shared/kubernetes/simulator';
import { type Choice, totalsOf } from './cycle';
import type { Diagnosis } from './fit-error';
import type { Rejection } from './framework';

/** How many pods are remembered, and how many attempts of each. */
const MOST_PODS = 2_000;
const MOST_ATTEMPTS = 5;
/** How many nodes are named of those that share a reason, and of those that were scored. */
const MOST_NAMES = 10;
const MOST_SCORES = 5;

/** The pod that an attempt is about. */
export interface Attempted {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/**
 * What the scheduler found at its latest attempts, pod by pod, for whoever asks why a pod is where it is. Kept in memory: it
 * explains the present.
 */
export class SchedulingAttempts {
  readonly #verdicts = new Map<string, SchedulingVerdict>();
  readonly #changed = new Set<string>();
  readonly #gone = new Map<string, Attempted>();
  #listener = () => {};

  /** Calls back whenever there is something to take. */
  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  /** What has changed since the last call, and which pods are forgotten. */
  take(): { changed: SchedulingVerdict[]; gone: Attempted[] } {
    const changed = [...this.#changed].flatMap((uid) => this.#verdicts.get(uid) ?? []);
    const gone = [...this.#gone.values()];
    this.#changed.clear();
    this.#gone.clear();
    return { changed, gone };
  }

  scheduled(pod: Attempted, time: string, nodeName: string, choice: Choice): void {
    const scores = bestOf(choice);
    this.#note(pod, {
      time,
      result: 'Scheduled',
      nodeName,
      nodes: choice.nodeCount,
      feasible: choice.feasible.length,
      rejections: grouped(choice.rejections),
      ...(scores.length === 0 ? {} : { scores }),
    });
  }

  /** @param message what the event says. */
  unschedulable(
    pod: Attempted,
    time: string,
    diagnosis: Diagnosis,
    waitingFor: Iterable<string>,
    message: string,
  ): void {
    const { nodeCount, rejections, others, preFilter } = diagnosis;
    const ofAll = preFilter ?? others;
    const rest = ofAll === undefined ? [] : [{ ...entry(ofAll), count: nodeCount - rejections.size }];
    this.#note(pod, {
      time,
      result: 'Unschedulable',
      message,
      nodes: nodeCount,
      feasible: 0,
      rejections: [...grouped(rejections), ...rest],
      waitingFor: [...waitingFor].sort(),
    });
  }

  /** The pod is gone. */
  forget(uid: string): void {
    const verdict = this.#verdicts.get(uid);
    if (verdict === undefined) return;
    this.#verdicts.delete(uid);
    this.#changed.delete(uid);
    const { namespace = '', name = '' } = verdict.metadata;
    this.#gone.set(uid, { namespace, name, uid });
    this.#listener();
  }

  #note(pod: Attempted, attempt: SchedulingAttempt): void {
    const { namespace, name, uid } = pod;
    const before = this.#verdicts.get(uid);
    // The pods that were tried last are kept longest.
    this.#verdicts.delete(uid);
    this.#verdicts.set(uid, {
      apiVersion: `${schedulingVerdicts.group}/${schedulingVerdicts.version}`,
      kind: schedulingVerdicts.kind,
      metadata: { name, namespace, creationTimestamp: before?.metadata.creationTimestamp ?? attempt.time },
      podUID: uid,
      attempts: (before?.attempts ?? 0) + 1,
      history: [attempt, ...(before?.history ?? [])].slice(0, MOST_ATTEMPTS),
    });
    this.#changed.add(uid);
    const [oldest] = this.#verdicts.keys();
    if (this.#verdicts.size > MOST_PODS && oldest !== undefined) this.forget(oldest);
    this.#listener();
  }
}

function entry({ plugin, reasons, resolvable }: Rejection) {
  return { plugin, reasons: [...reasons], resolvable, count: 0, nodes: [] as string[] };
}

/** Nodes that were turned down alike, the most first. */
function grouped(rejections: ReadonlyMap<string, Rejection>): SchedulingAttempt['rejections'] {
  const groups = new Map<string, ReturnType<typeof entry>>();
  for (const [node, rejection] of rejections) {
    const key = `${rejection.plugin} ${rejection.reasons.join()}`;
    const group = groups.get(key) ?? entry(rejection);
    groups.set(key, group);
    group.count++;
    if (group.nodes.length < MOST_NAMES) group.nodes.push(node);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || (a.plugin < b.plugin ? -1 : 1));
}

function bestOf({ feasible, scores }: Choice): NodeScore[] {
  if (scores.length === 0) return [];
  const totals = totalsOf(feasible.length, scores);
  return feasible
    .map((node, index) => ({ node: node.name, total: totals[index] ?? 0, index }))
    .sort((a, b) => b.total - a.total)
    .slice(0, MOST_SCORES)
    .map(({ node, total, index }) => ({
      node,
      total,
      plugins: scores.map(({ plugin, weight, scores: of }) => ({ plugin, score: of[index] ?? 0, weight })),
    }));
}
