import { isPodFinished } from '../../../shared/kubernetes/conditions';
import type { PersistentVolumeClaim, Pod } from '../../../shared/kubernetes/objects';
import { persistentVolumeClaims, pods } from '../../../shared/kubernetes/resources';
import { isConflict, isNotFound } from '../../../shared/kubernetes/status-error';
import { type Timer, timestamp } from '../clock';
import { RangeExhausted } from '../network/pod-addresses';
import { uniqueNameOf } from '../storage/attachable';
import { claimNamesOf } from '../storage/pod-claims';
import { goDuration } from './back-off';
import { adopt, type ContainerRecord, newRecord, terminationOf } from './container-record';
import { crash, startContainer } from './container-start';
import { fieldPath, type NodeServices, type PodHost } from './pod-host';
import { podStatus } from './pod-status';
import type { Sandbox } from './runtime/container';
import type { DirectoryNode } from './runtime/file-system';
import type { Listener } from './runtime/listener';
import { StatusWriter } from './status-writer';
import { awaitsNode, expandOnNode } from './volume-expansion';
import { MountError, setUpVolumes } from './volumes';

/** Milliseconds until the API is told that a pod is refused. */
const REJECTION_DELAY = 50;

/** Milliseconds between two looks at whether volumes are attached. */
const ATTACH_RETRY = 500;
/** Milliseconds after which the pod is told that they are not (volume_manager.go, `podAttachAndMountTimeout`). */
const ATTACH_TIMEOUT = 123_000;

const SANDBOX_CHANGED = 'Pod sandbox changed, it will be killed and re-created.';

/** One pod on its node, from the moment it is bound to its last status (pkg/kubelet/pod_workers.go). */
export class PodWorker implements PodHost {
  readonly node: NodeServices;
  readonly records: readonly ContainerRecord[];
  readonly #status: StatusWriter;
  readonly #done: () => void;
  readonly #timers = new Set<Timer>();
  readonly #startTime: string;
  #pod: Pod;
  #sandbox: Sandbox | undefined;
  #volumes: ReadonlyMap<string, DirectoryNode> = new Map();
  #settingUp = false;
  /** Whether it ran before this kubelet did. */
  #adopted: boolean;
  /** Whether it has given its address back. */
  #offline = false;
  /** The claims whose file systems are about to grow. */
  readonly #growing = new Set<string>();
  #attachable: readonly string[] = [];
  #attachDeadline: number | undefined;
  #failure: { reason: string; message: string } | undefined;
  #terminating = false;
  #killTimer: Timer | undefined;
  #finished = false;
  #released = false;

  /** @param done called when the pod is gone from the API and from the node. */
  constructor(node: NodeServices, pod: Pod, done: () => void) {
    this.node = node;
    this.#pod = pod;
    this.#done = done;
    this.#startTime = pod.status?.startTime ?? timestamp(node.clock);
    this.#status = new StatusWriter(node.client, node.log, pod);
    const spec = pod.spec;
    const inits = spec?.initContainers ?? [];
    const waiting = inits.length > 0 ? 'PodInitializing' : 'ContainerCreating';
    this.records = [
      ...inits.map((init) => newRecord(init.restartPolicy === 'Always' ? 'sidecar' : 'init', init, waiting)),
      ...(spec?.containers ?? []).map((container) => newRecord('main', container, waiting)),
    ];
    const known = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
    for (const record of this.records) {
      const status = known.find(({ name }) => name === record.spec.name);
      if (status !== undefined) adopt(record, status, timestamp(node.clock));
    }
    this.#adopted = known.some(({ containerID }) => containerID !== undefined && containerID !== '');
    this.#finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  }

  get pod(): Pod {
    return this.#pod;
  }

  get sandbox(): Sandbox | undefined {
    return this.#sandbox;
  }

  get volumes(): ReadonlyMap<string, DirectoryNode> {
    return this.#volumes;
  }

  /** Whether the pod counts against the node's room: not once the API knows that it has ended, for the scheduler goes by that. */
  get isActive(): boolean {
    return !this.#finished && !isPodFinished(this.#pod);
  }

  start(): void {
    const deadline = this.#pod.spec?.activeDeadlineSeconds;
    if (deadline !== undefined && !this.#finished) {
      const left = Date.parse(this.#startTime) + deadline * 1000 - this.node.clock.now();
      this.after(Math.max(0, left), () =>
        this.fail('DeadlineExceeded', 'Pod was active on the node longer than the specified deadline'),
      );
    }
    if (this.#pod.metadata.deletionTimestamp !== undefined) this.#terminate();
    else if (!this.#finished) this.advance();
  }

  /** The pod has changed in the API. */
  update(pod: Pod): void {
    const before = this.#pod;
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) {
      if (
        before.metadata.deletionTimestamp === undefined ||
        pod.metadata.deletionGracePeriodSeconds !== before.metadata.deletionGracePeriodSeconds
      ) {
        this.#terminate();
      }
    } else if (!this.#finished && pod.metadata.generation !== before.metadata.generation) this.report();
    else if (!this.#finished && (pod.spec?.readinessGates?.length ?? 0) > 0) this.report();
  }

  /** The pod is gone from the API: what still runs of it is killed without ceremony. */
  remove(): void {
    for (const { instance } of this.records) instance?.signal('SIGKILL');
    this.#release();
  }

  /** The node's machine stops: nothing is said to anyone. */
  halt(): void {
    this.#released = true;
    this.#releaseNetwork();
    for (const timer of this.#timers) timer.cancel();
    this.#killTimer?.cancel();
    for (const record of this.records) {
      record.probes?.stop();
      record.instance?.signal('SIGKILL');
    }
  }

  /**
   * Refuses the pod. It takes no room, and its end is told a moment later: controllers that make it anew at once would
   * otherwise go round without any time passing.
   */
  reject(reason: string, message: string): void {
    this.#failure = { reason, message };
    this.#finished = true;
    this.after(REJECTION_DELAY, () => this.report());
  }

  /** Ends the pod on the kubelet's own account. */
  fail(reason: string, message: string): void {
    if (this.#finished || this.#terminating) return;
    this.#failure = { reason, message };
    this.#finished = true;
    this.#stopContainers(this.#pod.spec?.terminationGracePeriodSeconds ?? 30);
    for (const record of this.records) {
      if (record.state.waiting !== undefined && this.#sandbox === undefined) record.ready = false;
    }
    this.report();
  }

  /** Containers that run may have to end of what goes wrong by now. */
  faultsChanged(): void {
    for (const record of this.records) if (record.instance !== undefined) crash(this, record, record.instance);
  }

  /** Calls back later, unless the pod is gone by then. @param delay milliseconds. */
  after(delay: number, callback: () => void): void {
    const timer = this.node.clock.setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#released) callback();
    }, delay);
    this.#timers.add(timer);
  }

  /** Runs something that takes time; what goes wrong with it is logged and does not end the node. */
  run(action: () => Promise<void>): void {
    action().catch((error: unknown) => {
      if (this.#released) return;
      const { namespace, name } = this.#pod.metadata;
      this.node.log.error(`pod ${namespace}/${name} on ${this.node.nodeName}`, error);
    });
  }

  /** Reports the status as it is now. */
  report(): void {
    if (this.#released) return;
    const previous = this.#status.latest ?? this.#pod.status;
    this.#status.set(
      podStatus(
        this.#pod,
        {
          records: this.records,
          podIP: this.#sandbox?.ip,
          hostIP: this.node.hostIP,
          startTime: this.#startTime,
          ...(this.#failure === undefined ? {} : { failure: this.#failure }),
        },
        previous,
        timestamp(this.node.clock),
      ),
    );
  }

  /** Whether containers may still be started. */
  get mayStart(): boolean {
    return !this.#released && !this.#finished && !this.#terminating;
  }

  /** Does whatever is to be done next (kuberuntime_manager.go, computePodActions). Safe to call at any time. */
  advance(): void {
    if (!this.mayStart) return;
    if (this.#sandbox === undefined) {
      if (!this.#settingUp) this.run(() => this.#setUp());
      return;
    }
    const policy = this.#pod.spec?.restartPolicy ?? 'Always';
    const mains = this.records.filter(({ kind }) => kind === 'main');
    const begun = mains.some(({ state, last, busy }) => state.running || state.terminated || last || busy);
    for (const record of this.records) {
      const { kind, state } = record;
      if (kind === 'main') break;
      if (kind === 'sidecar') {
        if (state.running === undefined) this.#start(record);
        if (!record.started && !begun) {
          this.report();
          return;
        }
      } else if (!begun && state.terminated?.exitCode !== 0) {
        if (state.terminated !== undefined && policy === 'Never') {
          this.#finish();
          return;
        }
        if (state.running === undefined) this.#start(record);
        this.report();
        return;
      }
    }
    let unfinished = false;
    for (const record of mains) {
      const { terminated, running } = record.state;
      if (running !== undefined) unfinished = true;
      else if (terminated === undefined || shouldRestart(policy, terminated.exitCode)) {
        unfinished = true;
        this.#start(record);
      }
    }
    if (!unfinished) {
      this.#finish();
      return;
    }
    this.report();
  }

  /** A container has ended. */
  exited(record: ContainerRecord): void {
    record.busy = false;
    if (this.#released) return;
    if (this.#terminating || this.#finished) {
      this.report();
      this.#stopSidecars();
      if (this.#terminating) this.#completeTermination();
      else if (this.records.every(({ state }) => state.running === undefined)) this.#releaseNetwork();
      return;
    }
    // The kubelet looks again when its event generator has seen the end: within a second.
    this.report();
    this.after(this.node.random.between(200, 1000), () => this.advance());
  }

  /** Kills one container, so that its restart policy decides what is next. */
  kill(record: ContainerRecord, message: string): void {
    const { instance } = record;
    if (instance === undefined) return;
    this.node.events.event(this.#pod, 'Normal', 'Killing', message, fieldPath(record));
    this.#signal(record, this.#pod.spec?.terminationGracePeriodSeconds ?? 30);
  }

  /** Whether all volumes that have to be are attached; tells, after a while, that they are not (volume_manager.go, `WaitForAttachAndMount`). */
  #volumesAttached(): boolean {
    const { attachable, clock, events } = this.node;
    const volumes = (this.#pod.spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) => {
      const volume =
        persistentVolumeClaim && attachable.of(this.#pod.metadata.namespace, persistentVolumeClaim.claimName);
      const unique = volume && uniqueNameOf(volume);
      return unique ? [{ name, unique }] : [];
    });
    this.#attachable = volumes.map(({ unique }) => unique);
    const missing = volumes.filter(({ unique }) => !this.node.isAttached(unique));
    if (missing.length === 0) return true;
    this.#attachDeadline ??= clock.now() + ATTACH_TIMEOUT;
    if (clock.now() >= this.#attachDeadline) {
      this.#attachDeadline = clock.now() + ATTACH_TIMEOUT;
      const names = missing.map(({ name }) => name).join(' ');
      const text = `Unable to attach or mount volumes: unmounted volumes=[${names}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`;
      events.event(this.#pod, 'Warning', 'FailedMount', text);
    }
    return false;
  }

  /** The unique names of the attachable volumes that it uses, or is about to. */
  get volumesInUse(): readonly string[] {
    const isOver = this.#finished && this.records.every(({ state }) => state.running === undefined);
    return isOver ? [] : this.#attachable;
  }

  async #setUp(): Promise<void> {
    this.#settingUp = true;
    const { node } = this;
    this.report();
    // The sandbox that an earlier kubelet made is gone with the machine's power (kuberuntime_manager.go, SyncPod).
    if (this.#adopted) node.events.event(this.#pod, 'Normal', 'SandboxChanged', SANDBOX_CHANGED);
    this.#adopted = false;
    if (!this.#volumesAttached()) {
      this.#settingUp = false;
      return this.after(ATTACH_RETRY, () => this.advance());
    }
    const spec = this.#pod.spec;
    let podIP: string;
    try {
      podIP = spec?.hostNetwork === true ? node.hostIP : node.addresses().allocate();
    } catch (error) {
      this.#settingUp = false;
      if (!(error instanceof RangeExhausted)) throw error;
      const text = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="ptp" failed (add): ${error.message}`;
      node.events.event(this.#pod, 'Warning', 'FailedCreatePodSandBox', text);
      return this.after(10_000, () => this.advance());
    }
    const release = () => {
      this.#settingUp = false;
      if (spec?.hostNetwork !== true) node.addresses().release(podIP);
    };
    try {
      const { client, nodeName, hostIP, persistent, networkDisks } = node;
      const addresses = { podIP, hostIP, nodeName };
      const host = { client, now: () => node.clock.now(), addresses, persistent, networkDisks };
      this.#volumes = await setUpVolumes(host, this.#pod);
    } catch (error) {
      release();
      if (!(error instanceof MountError)) {
        this.after(10_000, () => this.advance());
        throw error;
      }
      node.events.event(this.#pod, 'Warning', 'FailedMount', error.message);
      return this.after(node.random.between(4000, 8000), () => this.advance());
    }
    this.after(node.random.between(250, 800) * node.faults.slowness(node.nodeName), () => {
      if (!this.mayStart) return release();
      this.#settingUp = false;
      const listeners = new Map<number, Listener>();
      const hostname =
        spec?.hostNetwork === true ? node.nodeName : (spec?.hostname ?? this.#pod.metadata.name ?? '').slice(0, 63);
      this.#sandbox = { hostname, ip: podIP, listeners };
      for (const name of claimNamesOf(this.#pod)) {
        const claim = node.informers.for(persistentVolumeClaims).get(this.#pod.metadata.namespace, name);
        if (claim !== undefined) this.claimChanged(claim);
      }
      this.advance();
    });
  }

  /** A claim whose volume it has mounted has changed: the file system may have to grow. */
  claimChanged(claim: PersistentVolumeClaim): void {
    const { name = '' } = claim.metadata;
    if (this.#sandbox === undefined || !awaitsNode(claim) || this.#growing.has(name)) return;
    this.#growing.add(name);
    this.after(this.node.random.between(100, 800) * this.node.faults.slowness(this.node.nodeName), () => {
      this.#growing.delete(name);
      this.run(() => expandOnNode(this.node, this.node.nodeName, this.#pod, claim));
    });
  }

  #start(record: ContainerRecord): void {
    if (record.busy) return;
    const { restarts, clock, events } = this.node;
    const ended = terminationOf(record);
    const key = `${this.#pod.metadata.uid}/${record.spec.name}`;
    if (ended !== undefined) {
      const finishedAt = Date.parse(ended.finishedAt ?? '') || clock.now();
      const left = restarts.remaining(key, finishedAt, clock.now());
      if (left > 0) {
        const { name, namespace, uid } = this.#pod.metadata;
        const delay = goDuration(restarts.delay(key));
        const where = `${name}_${namespace}(${uid})`;
        record.last = ended;
        record.state = {
          waiting: {
            reason: 'CrashLoopBackOff',
            message: `back-off ${delay} restarting failed container=${record.spec.name} pod=${where}`,
          },
        };
        record.busy = true;
        const text = `Back-off restarting failed container ${record.spec.name} in pod ${where}`;
        events.event(this.#pod, 'Warning', 'BackOff', text, fieldPath(record));
        this.after(left, () => {
          record.busy = false;
          this.advance();
        });
        return;
      }
      restarts.next(key, finishedAt, clock.now());
      record.last = ended;
      record.restartCount++;
    }
    record.busy = true;
    this.run(() => startContainer(this, record));
  }

  /** All is done that was to be done: the pod's phase is final. */
  #finish(): void {
    this.#finished = true;
    this.#stopSidecars();
    this.report();
    if (this.records.every(({ state }) => state.running === undefined)) this.#releaseNetwork();
  }

  /** The pod is being deleted: everything is asked to stop, and killed when its time is over. */
  #terminate(): void {
    const grace = this.#pod.metadata.deletionGracePeriodSeconds ?? this.#pod.spec?.terminationGracePeriodSeconds ?? 30;
    const first = !this.#terminating;
    this.#terminating = true;
    if (first) {
      for (const record of this.records) {
        if (record.instance === undefined) continue;
        const text = `Stopping container ${record.spec.name}`;
        this.node.events.event(this.#pod, 'Normal', 'Killing', text, fieldPath(record));
      }
    }
    this.#stopContainers(grace);
    this.#completeTermination();
  }

  #stopContainers(grace: number): void {
    this.#killTimer?.cancel();
    const mains = this.records.filter(({ kind, instance }) => kind !== 'sidecar' && instance !== undefined);
    for (const record of mains) this.#signal(record, grace);
    if (mains.length === 0) this.#stopSidecars();
    this.#killTimer = this.node.clock.setTimeout(() => {
      for (const { instance } of this.records) instance?.signal('SIGKILL');
    }, grace * 1000);
  }

  /** Sidecars end after the others, the last one first. */
  #stopSidecars(): void {
    if (this.records.some(({ kind, state }) => kind !== 'sidecar' && state.running !== undefined)) return;
    const last = this.records.filter(({ kind, instance }) => kind === 'sidecar' && instance !== undefined).at(-1);
    if (last !== undefined && last.killed === undefined) this.#signal(last, 30);
  }

  #signal(record: ContainerRecord, grace: number): void {
    const { instance } = record;
    if (instance === undefined) return;
    record.probes?.stop();
    record.killed ??= {};
    const hook = record.spec.lifecycle?.preStop;
    const wait = hook?.sleep === undefined ? 0 : hook.sleep.seconds * 1000;
    const command = hook?.exec?.command;
    const term = () => {
      if (grace <= 0) instance.signal('SIGKILL');
      else instance.signal('SIGTERM');
    };
    if (command !== undefined) {
      this.run(async () => {
        const ignore = { write: () => {} };
        await instance.spawn(command, { stdout: ignore, stderr: ignore }).exited;
        term();
      });
    } else if (wait > 0) this.after(wait, term);
    else term();
    if (grace > 0 && !this.#terminating && !this.#finished) {
      this.after(grace * 1000, () => instance.signal('SIGKILL'));
    }
  }

  #completeTermination(): void {
    if (this.records.some(({ instance }) => instance !== undefined)) return;
    this.#killTimer?.cancel();
    for (const record of this.records) {
      record.probes?.stop();
      record.ready = false;
      record.started = false;
      // A pod that is deleted before its containers began has nothing left to wait for.
      if (record.state.waiting !== undefined && record.last === undefined) {
        record.state = {
          terminated: {
            exitCode: 137,
            reason: 'ContainerStatusUnknown',
            message: 'The container could not be located when the pod was terminated',
          },
        };
      } else if (record.state.waiting !== undefined && record.last !== undefined) {
        record.state = { terminated: record.last };
      }
    }
    this.report();
    this.run(async () => {
      await this.#status.flushed();
      const { namespace, name = '', uid } = this.#pod.metadata;
      try {
        await this.node.client.delete(pods, namespace, name, {
          gracePeriodSeconds: 0,
          preconditions: uid === undefined ? {} : { uid },
        });
      } catch (error) {
        if (!isNotFound(error) && !isConflict(error)) throw error;
      }
    });
  }

  #releaseNetwork(): void {
    this.#killTimer?.cancel();
    // Once: by the second time, the address may be another's.
    if (this.#sandbox !== undefined && !this.#offline && this.#pod.spec?.hostNetwork !== true) {
      this.node.addresses().release(this.#sandbox.ip);
    }
    this.#offline = true;
  }

  #release(): void {
    if (this.#released) return;
    this.halt();
    const prefix = `${this.#pod.metadata.uid}/`;
    this.node.restarts.forget(prefix);
    this.node.pulls.forget(prefix);
    this.#done();
  }
}

function shouldRestart(policy: string, exitCode: number): boolean {
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}
