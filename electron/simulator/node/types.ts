import type { Pod } from '../../../shared/kubernetes/objects';

export type PodSpec = NonNullable<Pod['spec']>;
export type PodStatus = NonNullable<Pod['status']>;
export type PodCondition = NonNullable<PodStatus['conditions']>[number];
export type ContainerSpec = PodSpec['containers'][number];
export type ContainerStatus = NonNullable<PodStatus['containerStatuses']>[number];
export type ContainerState = NonNullable<ContainerStatus['state']>;
export type TerminatedState = NonNullable<ContainerState['terminated']>;
export type Probe = NonNullable<ContainerSpec['livenessProbe']>;
