import type { Node, Pod } from '../../../shared/kubernetes/objects';

type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

/** What a machine is, before its kubelet has said so to the API. A preset lists one for each node. */
export interface NodeProfile {
  /** Also the machine's host name. */
  readonly name: string;
  /** The address the other machines reach it by: the Node's InternalIP. */
  readonly internalIP: string;
  /** Where its pods get their addresses from, as `10.244.1.0/24`. Set on the Node when it registers without one. */
  readonly podCIDR: string;
  /** Quantities; `pods` is the kubelet's --max-pods. */
  readonly capacity: {
    readonly cpu: string;
    readonly memory: string;
    readonly 'ephemeral-storage'?: string;
    readonly pods?: string;
  };
  /** The kubelet's --node-labels, besides the standard ones (hostname, os, arch). */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels that a kubelet may not give itself (admission's NodeRestriction): those of who has set the node up. */
  readonly setUpLabels?: Readonly<Record<string, string>>;
  /** What the node is for, as `kubectl get nodes` says it: `control-plane`. */
  readonly roles?: readonly string[];
  /** The kubelet's --register-with-taints. */
  readonly taints?: readonly Taint[];
  /** What the machine runs by itself, as its mirror pods are to look in the API. */
  readonly staticPods?: readonly Pod[];
  /** As `kind://docker/course/worker-1`. */
  readonly providerID?: string;
  readonly osImage?: string;
}
