import type { ObjectMeta, Pod } from '../../../../../shared/kubernetes/objects';

/**
 * The checks of the Pod Security Standards, by file: containers, host, profiles, users, volumes
 * (k8s.io/pod-security-admission/policy, one check_*.go each). Texts are upstream's.
 */

export type PodSpec = NonNullable<Pod['spec']>;
type EphemeralContainer = NonNullable<PodSpec['ephemeralContainers']>[number];
export type Container = PodSpec['containers'][number] | EphemeralContainer;
export type ContainerSecurity = NonNullable<PodSpec['containers'][number]['securityContext']>;

/** How a pod goes against one check. */
export interface Violation {
  /** What is wrong, of any pod: `hostPort`. */
  readonly reason: string;
  /** Where exactly: `container "a" uses hostPort 80`. */
  readonly detail: string;
}

export type CheckPod = (spec: PodSpec, metadata: Pick<ObjectMeta, 'annotations'>) => Violation | undefined;

/** One check as it changed with the versions. */
export interface Check {
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  /** By rising minor version of Kubernetes 1. */
  readonly versions: readonly {
    readonly since: number;
    readonly check: CheckPod;
    /** The baseline check that this stricter one makes superfluous. */
    readonly overrides?: string;
  }[];
}

/** All containers, in the order in which upstream visits them. */
export function allContainers(spec: PodSpec): Container[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** The names of those containers for which something holds. */
export function namesOf(
  spec: PodSpec,
  holds: (container: Container, security: ContainerSecurity) => boolean,
): string[] {
  return allContainers(spec)
    .filter((container) => holds(container, container.securityContext ?? {}))
    .map(({ name }) => name);
}

/** `containers "a", "b"`. */
export function containersText(names: readonly string[]): string {
  return `${plural('container', names.length)} ${quoted(names)}`;
}

/** Who set something: the pod, some of its containers, or both. */
export function settersText(byPod: boolean, containers: readonly string[]): string {
  return [...(byPod ? ['pod'] : []), ...(containers.length > 0 ? [containersText(containers)] : [])].join(' and ');
}

export function quoted(items: readonly string[]): string {
  return items.length === 0 ? '' : `"${items.join('", "')}"`;
}

export function plural(singular: string, count: number): string {
  return count === 1 ? singular : `${singular}s`;
}

/** Each once, in order. */
export function sorted(items: Iterable<string>): string[] {
  return [...new Set(items)].sort();
}

/** Of a pod in a user namespace, some users are not whom they seem: root is nobody outside. */
function isInUserNamespace(spec: PodSpec): boolean {
  return spec.hostUsers === false;
}

/** A check that Windows pods are exempt from: the fields do not exist there. */
export function exceptWindows(check: CheckPod): CheckPod {
  return (spec, metadata) => (spec.os?.name === 'windows' ? undefined : check(spec, metadata));
}

export function exceptUserNamespaces(check: CheckPod): CheckPod {
  return (spec, metadata) => (isInUserNamespace(spec) ? undefined : check(spec, metadata));
}
