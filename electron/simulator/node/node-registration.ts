import type { Node } from '../../../shared/kubernetes/objects';
import { leases, nodes } from '../../../shared/kubernetes/resources';
import { isAlreadyExists, isNotFound } from '../../../shared/kubernetes/status-error';
import { microTimestamp, type Timer, timestamp } from '../clock';
import type { ComponentContext } from '../component';
import type { ImageStore } from './image-store';
import { initialNode, nodeStatus } from './node-status';
import type { NodeProfile } from './profile';

const LEASE_NAMESPACE = 'kube-node-lease';
/** Milliseconds between renewals of the lease, and between looks at the node's status. */
const LEASE_PERIOD = 10_000;
/** Milliseconds after which an unchanged status is reported all the same (nodeStatusReportFrequency). */
const REPORT_PERIOD = 300_000;
const LEASE_DURATION_SECONDS = 40;

/** What is told when a condition has become what it should be (pkg/kubelet/nodestatus/setters.go). */
const NEWS: Readonly<Record<string, string>> = {
  MemoryPressure: 'NodeHasSufficientMemory',
  DiskPressure: 'NodeHasNoDiskPressure',
  PIDPressure: 'NodeHasSufficientPID',
  Ready: 'NodeReady',
};

/** Keeps a node's Node and Lease in the API: registers, reports, renews. */
export class NodeRegistration {
  readonly #context: ComponentContext;
  readonly #profile: NodeProfile;
  readonly #images: ImageStore;
  #timer: Timer | undefined;
  #stopped = false;
  /** Another at every start of the machine. */
  readonly #bootID: string;
  #node: Node | undefined;
  /** Whether it has said that it starts (pkg/kubelet/kubelet.go, BirthCry). */
  #cried = false;
  readonly #volumesInUse: () => string[];
  #reportedInUse: ReadonlySet<string> = new Set();
  #reported = '';
  #reportedAt = Number.NEGATIVE_INFINITY;

  /** @param volumesInUse the unique names of the attachable volumes that its pods use. */
  constructor(context: ComponentContext, profile: NodeProfile, images: ImageStore, volumesInUse: () => string[]) {
    this.#context = context;
    this.#profile = profile;
    this.#images = images;
    this.#volumesInUse = volumesInUse;
    this.#bootID = context.random.uuid();
  }

  /** @param registered called once, when the API has the Node. */
  start(registered: (node: Node) => void): void {
    void this.#tick(registered);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #tick(registered: (node: Node) => void): Promise<void> {
    const { clock, log } = this.#context;
    let period = LEASE_PERIOD;
    try {
      if (this.#node === undefined) {
        this.#node = await this.#register();
        if (this.#stopped) return;
        registered(this.#node);
      }
      await this.#report();
      await this.#renew();
    } catch (error) {
      if (this.#stopped) return;
      // Deleted under its kubelet: it stays away until the machine starts again, as upstream's does.
      if (!isNotFound(error) || this.#node === undefined) {
        log.error(`node ${this.#profile.name}`, error);
        period = 1000;
      }
    }
    if (this.#stopped) return;
    this.#timer = clock.setTimeout(() => void this.#tick(registered), period);
  }

  async #register(): Promise<Node> {
    const { client } = this.#context;
    const { name } = this.#profile;
    if (!this.#cried) this.#event('Normal', 'Starting', 'Starting kubelet.');
    this.#cried = true;
    try {
      return await client.create(nodes, initialNode(this.#profile));
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const known = await client.get(nodes, undefined, name);
    const { bootID = '' } = known.status?.nodeInfo ?? {};
    if (bootID !== '' && bootID !== this.#bootID) {
      this.#event('Warning', 'Rebooted', `Node ${name} has been rebooted, boot id: ${this.#bootID}`);
    }
    return known;
  }

  /** Whether the API knows that a volume is in use: before, nothing may be mounted (kubelet's `MarkVolumesAsReportedInUse`). */
  hasReported(volume: string): boolean {
    return this.#reportedInUse.has(volume);
  }

  async #report(): Promise<void> {
    const { clock, client } = this.#context;
    const { name } = this.#profile;
    const volumesInUse = this.#volumesInUse();
    const status = {
      ...nodeStatus(this.#profile, this.#bootID, this.#images.list(), this.#node, timestamp(clock)),
      // Where there never were any, nothing is said.
      ...(volumesInUse.length > 0 || this.#node?.status?.volumesInUse !== undefined ? { volumesInUse } : {}),
    };
    // Heartbeat times alone are no news.
    const text = JSON.stringify({ ...status, conditions: status.conditions?.map(({ type, status: s }) => [type, s]) });
    if (text === this.#reported && clock.now() - this.#reportedAt < REPORT_PERIOD) return;
    const before = this.#node;
    this.#node = await client.patch(nodes, undefined, name, 'strategic', { status }, { subresource: 'status' });
    this.#reportedInUse = new Set(volumesInUse);
    this.#reported = text;
    this.#reportedAt = clock.now();
    for (const { type, status: is } of status.conditions ?? []) {
      const was = before?.status?.conditions?.find((condition) => condition.type === type)?.status;
      const reason = NEWS[type];
      if (is !== was && reason !== undefined) this.#event('Normal', reason, `Node ${name} status is now: ${reason}`);
    }
  }

  async #renew(): Promise<void> {
    const { clock, client } = this.#context;
    const { name } = this.#profile;
    const renewTime = microTimestamp(clock);
    try {
      await client.patch(leases, LEASE_NAMESPACE, name, 'merge', { spec: { renewTime } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const uid = this.#node?.metadata.uid ?? '';
      await client.create(leases, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: {
          name,
          namespace: LEASE_NAMESPACE,
          ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
        },
        spec: { holderIdentity: name, leaseDurationSeconds: LEASE_DURATION_SECONDS, renewTime },
      });
    }
  }

  /** Upstream's kubelet uses the node's name as the uid here, so that events outlive the object. */
  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { name } = this.#profile;
    this.#context.events.event({ kind: 'Node', metadata: { name, uid: name } }, type, reason, message);
  }
}
