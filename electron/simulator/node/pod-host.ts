import type { Pod, Service } from '../../../shared/kubernetes/objects';
import type { ComponentContext } from '../component';
import type { ActiveFaults } from '../faults/active-faults';
import type { PodAddresses } from '../network/pod-addresses';
import type { AttachableVolumes } from '../storage/attachable';
import type { BackOff } from './back-off';
import type { ContainerRecord } from './container-record';
import type { ImageStore } from './image-store';
import type { Sandbox } from './runtime/container';
import type { DirectoryNode } from './runtime/file-system';

/** What the pods of one node share. */
export interface NodeServices extends ComponentContext {
  readonly nodeName: string;
  readonly hostIP: string;
  readonly images: ImageStore;
  readonly faults: ActiveFaults;
  readonly restarts: BackOff;
  readonly pulls: BackOff;
  addresses(): PodAddresses;
  /** The Services whose variables a pod sees: the API's own, and those of `namespace` where service links are on. */
  servicesFor(namespace: string | undefined): readonly Service[];
  /** The machine's own directories: host paths and local volumes. */
  readonly persistent: Map<string, DirectoryNode>;
  readonly attachable: AttachableVolumes;
  /** Whether a volume is attached to the node, by its unique name. */
  isAttached(volume: string): boolean;
  /** Those that can be attached to any machine. */
  readonly networkDisks: Map<string, DirectoryNode>;
}

/** A pod on its node, as far as the start of one of its containers needs it. */
export interface PodHost {
  readonly node: NodeServices;
  readonly pod: Pod;
  readonly sandbox: Sandbox | undefined;
  readonly volumes: ReadonlyMap<string, DirectoryNode>;
  /** Whether containers may still be started. */
  readonly mayStart: boolean;
  /** Calls back later, unless the pod is gone by then. @param delay milliseconds. */
  after(delay: number, callback: () => void): void;
  /** Runs something that takes time; what goes wrong with it is logged. */
  run(action: () => Promise<void>): void;
  report(): void;
  advance(): void;
  exited(record: ContainerRecord): void;
  kill(record: ContainerRecord, message: string): void;
}

/** The part of a pod that an event is about. */
export function fieldPath({ kind, spec }: ContainerRecord): string {
  return `spec.${kind === 'main' ? 'containers' : 'initContainers'}{${spec.name}}`;
}
