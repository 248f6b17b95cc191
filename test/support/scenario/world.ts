import type { Clock } from '../../../electron/simulator/clock';
import type {
  CronJob,
  DaemonSet,
  Job,
  KubeObject,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  StatefulSet,
  VolumeAttachment,
} from '../../../shared/kubernetes/objects';
import { parseQuantity } from '../../../shared/kubernetes/quantities';

/** Milliseconds for which a controller may go by what was: its cache hears of a write after the write. */
const STALE = 1_000;
/** Milliseconds between the choice of a node and the binding where a volume is made first. */
const VOLUME_MADE = 15_000;

type Resource =
  | 'pods'
  | 'nodes'
  | 'replicasets'
  | 'statefulsets'
  | 'daemonsets'
  | 'jobs'
  | 'cronjobs'
  | 'persistentvolumes'
  | 'persistentvolumeclaims';

/**
 * What is written, as it is written, held against what must never be. It knows the rules from the documentation and nothing of
 * how the cluster keeps them.
 */
export class World {
  /** What was broken, in words. */
  readonly violations: string[] = [];
  readonly #clock: Clock;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  /** What facts about objects were, by object and fact, and until when: that may still be gone by. */
  readonly #former = new Map<string, { until: number; value: unknown }[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param key `/registry/GROUP/RESOURCE/NAMESPACE/NAME`. */
  take(key: string, value: string | undefined): void {
    const [, , , resource = ''] = key.split('/');
    const table = this.#table(resource);
    const before = table.get(key);
    if (value === undefined) {
      table.delete(key);
      return;
    }
    const object: KubeObject = JSON.parse(value);
    table.set(key, object);
    if (resource === 'pods') this.#pod(object as Pod, before as Pod | undefined);
    else if (resource === 'nodes') this.#note(key, taintsOf(before), taintsOf(object));
    else if (resource === 'replicasets' || resource === 'statefulsets') {
      this.#note(key, replicasOf(before), replicasOf(object));
    } else if (resource === 'jobs') this.#job(object as Job, before as Job | undefined);
    else if (resource === 'persistentvolumes') this.#volume(object as PersistentVolume);
    else if (resource === 'volumeattachments') this.#attachment(object as VolumeAttachment);
    else if (resource === 'persistentvolumeclaims') this.#claim(object as PersistentVolumeClaim);
  }

  /** All of a resource, by its plural name. */
  all<T extends KubeObject>(resource: string): T[] {
    return [...this.#table(resource).values()] as T[];
  }

  /** The resources of which there is anything. */
  get resources(): string[] {
    return [...this.#objects.keys()];
  }

  #table(resource: string): Map<string, KubeObject> {
    let table = this.#objects.get(resource);
    if (table === undefined) {
      table = new Map();
      this.#objects.set(resource, table);
    }
    return table;
  }

  #broken(rule: string): void {
    this.violations.push(`${new Date(this.#clock.now()).toISOString()} ${rule}`);
  }

  #note(key: string, before: unknown, now: unknown): void {
    if (before === undefined || JSON.stringify(before) === JSON.stringify(now)) return;
    this.#was(key, before);
  }

  #was(key: string, value: unknown): void {
    const until = this.#clock.now();
    const recent = (this.#former.get(key) ?? []).filter((each) => until - each.until < VOLUME_MADE);
    this.#former.set(key, [...recent, { until, value }]);
  }

  /** What a fact is, and what it was as long as somebody may still go by that. */
  #mayBe<T>(key: string, now: T, within = STALE): T[] {
    const former = (this.#former.get(key) ?? []).filter(({ until }) => this.#clock.now() - until < within);
    return [now, ...former.map(({ value }) => value as T)];
  }

  #pod(pod: Pod, before: Pod | undefined): void {
    const nodeName = pod.spec?.nodeName;
    if (nodeName && !before?.spec?.nodeName) this.#bound(pod, nodeName);
    if (before === undefined) this.#created(pod);
    if (before !== undefined && isOver(before) && !isOver(pod))
      this.#broken(`pod ${nameOf(pod)} is ${pod.status?.phase} again`);
    if (before !== undefined && isReady(before) && !isReady(pod)) {
      this.#was(`ready ${nameOf(pod)}`, true);
    }
  }

  #bound(pod: Pod, nodeName: string): void {
    const key = `/registry//nodes//${nodeName}`;
    const node = this.#table('nodes').get(key) as Node | undefined;
    if (node === undefined) {
      this.#broken(`pod ${nameOf(pod)} is bound to node ${nodeName}, which is not there`);
      return;
    }
    const hasClaim = pod.spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined);
    const within = hasClaim === true ? VOLUME_MADE : STALE;
    const tolerated = this.#mayBe(key, taintsOf(node), within).some((taints) =>
      taints.every((taint) => tolerates(pod, taint)),
    );
    if (!tolerated) this.#broken(`pod ${nameOf(pod)} is bound to ${nodeName} and does not tolerate ${taintsOf(node)}`);
    for (const [label, value] of Object.entries(pod.spec?.nodeSelector ?? {})) {
      if (node.metadata.labels?.[label] !== value)
        this.#broken(`pod ${nameOf(pod)} on ${nodeName} asks for ${label}=${value}`);
    }
    const there = this.all<Pod>('pods').filter((each) => each.spec?.nodeName === nodeName && !isOver(each));
    for (const resource of ['cpu', 'memory']) {
      const asked = there.reduce((sum, each) => sum + requestOf(each, resource), 0);
      const room = parseQuantity(node.status?.allocatable?.[resource] ?? '0');
      if (asked > room + 1e-9)
        this.#broken(`${nodeName} has ${room} ${resource}, and its pods ask for ${asked}, with ${nameOf(pod)}`);
    }
  }

  #created(pod: Pod): void {
    const owner = controllerOf(pod);
    if (owner?.kind === 'ReplicaSet') this.#replica(pod, owner.uid);
    else if (owner?.kind === 'StatefulSet') this.#ordinal(pod, owner.uid);
    else if (owner?.kind === 'DaemonSet') this.#daemon(pod, owner.uid);
  }

  #replica(pod: Pod, uid: string): void {
    const set = this.all<ReplicaSet>('replicasets').find((each) => each.metadata.uid === uid);
    if (set === undefined) return;
    const count = this.#ofOwner(uid).length;
    const wanted = Math.max(...this.#mayBe(keyOf('apps', 'replicasets', set), replicasOf(set) ?? 0));
    if (count > wanted)
      this.#broken(`replica set ${nameOf(set)} wants ${wanted} pods and has ${count}, with ${nameOf(pod)}`);
  }

  /** In order, one after another, each once all before it are ready. */
  #ordinal(pod: Pod, uid: string): void {
    const set = this.all<StatefulSet>('statefulsets').find((each) => each.metadata.uid === uid);
    if (set === undefined) return;
    const ordinal = Number(/\d+$/.exec(nameOf(pod))?.[0]);
    const wanted = Math.max(...this.#mayBe(keyOf('apps', 'statefulsets', set), replicasOf(set) ?? 0));
    if (ordinal >= wanted) this.#broken(`stateful set ${nameOf(set)} of ${wanted} makes ${nameOf(pod)}`);
    if (set.spec?.podManagementPolicy === 'Parallel') return;
    for (let lower = 0; lower < ordinal; lower++) {
      const name = `${set.metadata.name}-${lower}`;
      const other = this.#ofOwner(uid).find((each) => each.metadata.name === name);
      const wasReady = this.#mayBe(`ready ${set.metadata.namespace}/${name}`, false).includes(true);
      if (!wasReady && (other === undefined || !isReady(other)))
        this.#broken(`${nameOf(pod)} is made before ${name} is ready`);
    }
  }

  /** One a node, but for those that are ending. */
  #daemon(pod: Pod, uid: string): void {
    const node = placeOf(pod);
    const there = this.#ofOwner(uid).filter((each) => placeOf(each) === node);
    const set = this.all<DaemonSet>('daemonsets').find((each) => each.metadata.uid === uid);
    if (there.length > 1)
      this.#broken(`daemon set ${set?.metadata.name} has ${there.map(nameOf).join(' and ')} on ${node}`);
  }

  #ofOwner(uid: string): Pod[] {
    return this.all<Pod>('pods').filter(
      (each) => controllerOf(each)?.uid === uid && !isOver(each) && each.metadata.deletionTimestamp === undefined,
    );
  }

  #job(job: Job, before: Job | undefined): void {
    const ended = ['Complete', 'Failed'].filter((type) => hasCondition(job, type));
    if (ended.length > 1) this.#broken(`job ${nameOf(job)} is both Complete and Failed`);
    const was = ['Complete', 'Failed'].filter((type) => before !== undefined && hasCondition(before, type));
    if (was.length > 0 && ended[0] !== was[0]) this.#broken(`job ${nameOf(job)} was ${was[0]} and is ${ended[0]}`);
    const { completions } = job.spec ?? {};
    if (
      ended[0] === 'Complete' &&
      completions !== undefined &&
      completions !== null &&
      job.status?.succeeded !== completions
    ) {
      this.#broken(`job ${nameOf(job)} is Complete with ${job.status?.succeeded} of ${completions}`);
    }
    if (before === undefined) this.#started(job);
  }

  #started(job: Job): void {
    const owner = controllerOf(job);
    const cron = this.all<CronJob>('cronjobs').find((each) => each.metadata.uid === owner?.uid);
    if (cron?.spec?.concurrencyPolicy !== 'Forbid') return;
    const unfinished = this.all<Job>('jobs').filter(
      (each) =>
        controllerOf(each)?.uid === owner?.uid && !hasCondition(each, 'Complete') && !hasCondition(each, 'Failed'),
    );
    if (unfinished.length > 1)
      this.#broken(`cron job ${nameOf(cron)} forbids ${unfinished.map(nameOf).join(' beside ')}`);
  }

  #volume(volume: PersistentVolume): void {
    const { uid } = volume.spec?.claimRef ?? {};
    if (uid === undefined || volume.status?.phase !== 'Bound') return;
    const others = this.all<PersistentVolume>('persistentvolumes').filter(
      (each) => each !== volume && each.spec?.claimRef?.uid === uid && each.status?.phase === 'Bound',
    );
    if (others.length > 0) this.#broken(`one claim has ${[volume, ...others].map(nameOf).join(' and ')}`);
  }

  /** A disk is with one machine at a time, or what is on it is lost. */
  #attachment({ spec }: VolumeAttachment): void {
    const all = this.all<VolumeAttachment>('volumeattachments').filter(
      (each) => each.spec.source.persistentVolumeName === spec.source.persistentVolumeName && each.status?.attached,
    );
    if (all.length > 1)
      this.#broken(`${spec.source.persistentVolumeName} is attached to ${all.map((each) => each.spec.nodeName)}`);
  }

  #claim(claim: PersistentVolumeClaim): void {
    const { volumeName } = claim.spec ?? {};
    if (!volumeName) return;
    const others = this.all<PersistentVolumeClaim>('persistentvolumeclaims').filter(
      (each) => each !== claim && each.spec?.volumeName === volumeName && each.status?.phase === 'Bound',
    );
    if (others.length > 0) this.#broken(`volume ${volumeName} has ${[claim, ...others].map(nameOf).join(' and ')}`);
  }
}

export function nameOf({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? (name ?? '') : `${namespace}/${name}`;
}

function keyOf(group: string, resource: Resource, { metadata: { namespace, name } }: KubeObject): string {
  return `/registry/${group}/${resource}/${namespace ?? ''}/${name}`;
}

export function controllerOf(object: KubeObject) {
  return object.metadata.ownerReferences?.find(({ controller }) => controller === true);
}

export function isReady(pod: Pod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true
  );
}

export function isOver(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

function hasCondition(job: Job, wanted: string): boolean {
  return job.status?.conditions?.some(({ type, status }) => type === wanted && status === 'True') === true;
}

function replicasOf(object: KubeObject | undefined): number | undefined {
  return (object as ReplicaSet | undefined)?.spec?.replicas;
}

/** What keeps pods off, as `key:effect`, and whether the node is cordoned. */
function taintsOf(object: KubeObject | undefined): string[] {
  const { taints = [], unschedulable } = (object as Node | undefined)?.spec ?? {};
  return [
    ...taints
      .filter(({ effect }) => effect !== 'PreferNoSchedule')
      .map(({ key, value = '', effect }) => `${key}=${value}:${effect}`),
    ...(unschedulable === true ? ['node.kubernetes.io/unschedulable=:NoSchedule'] : []),
  ];
}

function tolerates(pod: Pod, taint: string): boolean {
  const [, key, value, effect] = /^(.*)=(.*):(.*)$/.exec(taint) ?? [];
  return (pod.spec?.tolerations ?? []).some(
    (each) =>
      (each.effect === undefined || each.effect === effect) &&
      (each.operator === 'Exists'
        ? each.key === undefined || each.key === key
        : each.key === key && (each.value ?? '') === value),
  );
}

/** A pod's largest need: that of its containers together, or of one that runs before them. */
function requestOf(pod: Pod, resource: string): number {
  const of = (container: { resources?: { requests?: Record<string, string> } }) =>
    parseQuantity(container.resources?.requests?.[resource] ?? '0');
  const containers = (pod.spec?.containers ?? []).reduce((sum, each) => sum + of(each), 0);
  return Math.max(containers, ...(pod.spec?.initContainers ?? []).map(of));
}

/** Where a daemon set's pod is to be, before it is there. */
function placeOf(pod: Pod): string | undefined {
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.[0]?.values?.[0] ?? pod.spec?.nodeName;
}
