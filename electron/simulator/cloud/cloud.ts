import type { NodeProfile } from '../node';
import type { AddressPool } from './address-pool';

/** Milliseconds that something takes, from the least to the most. */
export type Duration = readonly [least: number, most: number];

/** How a provider makes load balancers for Services. */
export interface LoadBalancers {
  /** What they are reached by. */
  readonly addresses: AddressPool;
  readonly provisioning: Duration;
}

/** How a provider makes Ingresses reachable. */
export interface IngressController {
  /** What it is called in events. */
  readonly component: string;
  /** The controller of the IngressClasses that it serves; absent: it serves Ingresses that name none. */
  readonly controller?: string;
  /** The value of `kubernetes.io/ingress.class` that names it, too. */
  readonly annotation: string;
  /** Whom it acts as. */
  readonly user: string;
  /** Whether it wants to know the Services that an Ingress leads to before it makes anything. */
  readonly checksServices?: boolean;
  /** Whether an event tells the address. */
  readonly tellsAddress?: boolean;
  readonly addresses: AddressPool;
  readonly provisioning: Duration;
}

/** Which pods get a machine of their own. */
export interface FargateProfile {
  readonly name: string;
  /** A pod of one of them is meant. Labels that are absent may be any. */
  readonly selectors: readonly { readonly namespace: string; readonly labels?: Readonly<Record<string, string>> }[];
}

/** AWS Fargate: a machine for each pod, and gone with it. */
export interface Fargate {
  readonly profiles: readonly FargateProfile[];
  /** A machine that is to be, but for its size. @param index counts from 0; one is used again when its machine is gone. */
  machine(index: number): Pick<NodeProfile, 'name' | 'internalIP' | 'podCIDR' | 'providerID' | 'labels' | 'osImage'>;
  /** Milliseconds until a machine is there. */
  readonly provisioning: Duration;
}

/** What a provider brings to a cluster beside Kubernetes itself. */
export interface Cloud {
  readonly loadBalancers?: LoadBalancers;
  readonly ingress?: IngressController;
  readonly fargate?: Fargate;
}
