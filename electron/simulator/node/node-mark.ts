import type { Node } from '../../../shared/kubernetes/objects';
import { nodes } from '../../../shared/kubernetes/resources';
import type { Component, ComponentContext, ComponentDefinition } from '../component';
import type { NodeProfile } from './profile';

/**
 * Says by labels what new nodes are for. Their kubelets may not (admission's NodeRestriction), so upstream it is kubeadm that
 * does (cmd/kubeadm/app/phases/markcontrolplane); whoever takes the label off later has the last word.
 */
class NodeMark implements Component {
  readonly name = 'kubeadm';
  readonly #context: ComponentContext;
  readonly #profiles: readonly NodeProfile[];
  #running = false;

  constructor(context: ComponentContext, profiles: readonly NodeProfile[]) {
    this.#context = context;
    this.#profiles = profiles;
    context.informers.for(nodes).addHandlers({ add: (node) => this.#mark(node) });
  }

  /** Nodes that were there before are marked, or unmarked again. */
  start(): void {
    this.#running = true;
  }

  stop(): void {
    this.#running = false;
  }

  #mark({ metadata: { name = '' } }: Node): void {
    const { roles = [], setUpLabels = {} } = this.#profiles.find((profile) => profile.name === name) ?? {};
    const labels = {
      ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])),
      ...setUpLabels,
    };
    if (!this.#running || Object.keys(labels).length === 0) return;
    this.#context.client
      .patch(nodes, undefined, name, 'merge', { metadata: { labels } })
      .catch((error: unknown) => this.#context.log.error(`labels of node ${name}`, error));
  }
}

/** Marks the nodes of these profiles. */
export function nodeMark(profiles: readonly NodeProfile[]): ComponentDefinition {
  return {
    name: 'kubeadm',
    user: 'kubernetes-admin',
    groups: ['kubeadm:cluster-admins', 'system:authenticated'],
    create: (context) => new NodeMark(context, profiles),
  };
}
