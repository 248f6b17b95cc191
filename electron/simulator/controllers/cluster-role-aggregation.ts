import type { ClusterRole } from '../../../shared/kubernetes/objects';
import { clusterRoles } from '../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../shared/kubernetes/selectors';
import type { ComponentContext, ComponentDefinition } from '../component';
import type { Informer } from '../informer';
import { Controller } from './controller';
import { equivalent } from './equality';

/** Gathers the rules of cluster roles that others are made up of (pkg/controller/clusterroleaggregation). */
class ClusterRoleAggregation extends Controller {
  readonly #roles: Informer<ClusterRole>;

  constructor(context: ComponentContext) {
    super('clusterrole-aggregation-controller', context);
    this.#roles = this.watch(clusterRoles, () => {
      for (const role of this.#roles.list()) if (role.aggregationRule) this.enqueue(role.metadata.name ?? '');
    });
  }

  protected async reconcile(name: string): Promise<void> {
    const role = this.#roles.getByKey(name);
    if (role?.aggregationRule === undefined) return;
    const rules: NonNullable<ClusterRole['rules']> = [];
    const others = this.#roles
      .list()
      .filter(({ metadata }) => metadata.name !== name)
      .sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
    for (const labelSelector of role.aggregationRule.clusterRoleSelectors ?? []) {
      const selector = selectorFromLabelSelector(labelSelector);
      for (const other of others.filter(({ metadata }) => selector.matches(metadata.labels))) {
        for (const rule of other.rules ?? []) if (!rules.some((each) => equivalent(each, rule))) rules.push(rule);
      }
    }
    if (!equivalent(rules, role.rules)) await this.context.client.update(clusterRoles, { ...role, rules });
  }
}

export const clusterRoleAggregation: ComponentDefinition = {
  name: 'clusterrole-aggregation-controller',
  user: 'system:serviceaccount:kube-system:clusterrole-aggregation-controller',
  create: (context) => new ClusterRoleAggregation(context),
};
