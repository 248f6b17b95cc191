import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../../../../shared/kubernetes/objects';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../../../../shared/kubernetes/resources';
import type { ApiClient, UserInfo } from '../../client';
import { Informer } from '../../informer';
import type { RequestAttributes } from '../request';
import type { Authorizer, Decision } from './authorizer';
import { type PolicyRule, ruleAllows } from './rule';

type Binding = RoleBinding | ClusterRoleBinding;
type Subject = NonNullable<Binding['subjects']>[number];

/** Whoever is in it may do everything, whatever the rules say (`user.SystemPrivilegedGroup`). */
const PRIVILEGED_GROUP = 'system:masters';

/** A binding that concerns a user, with the subject that makes it so. */
interface Grant {
  readonly binding: Binding;
  readonly subject: Subject;
  readonly rules: readonly PolicyRule[];
}

/**
 * Role-based access control, from the roles and bindings in the cluster
 * (plugin/pkg/auth/authorizer/rbac/rbac.go). Bindings are found by their subjects, so a decision looks only at what is
 * bound to the user and the user's groups.
 */
export class RbacAuthorizer implements Authorizer {
  #informers:
    | {
        roles: Informer<Role>;
        clusterRoles: Informer<ClusterRole>;
        roleBindings: Informer<RoleBinding>;
        clusterRoleBindings: Informer<ClusterRoleBinding>;
      }
    | undefined;

  /**
   * Keeps the rules in step with the cluster from now on; until it resolves, only the privileged group is let through.
   * @param client reads as the API server itself.
   */
  async start(client: ApiClient): Promise<void> {
    const informers = {
      roles: new Informer(client, roles),
      clusterRoles: new Informer(client, clusterRoles),
      roleBindings: new Informer(client, roleBindings),
      clusterRoleBindings: new Informer(client, clusterRoleBindings),
    };
    informers.roleBindings.addIndex('subject', (binding) =>
      subjectKeys(binding).map((key) => `${binding.metadata.namespace}\n${key}`),
    );
    informers.clusterRoleBindings.addIndex('subject', subjectKeys);
    await Promise.all(Object.values(informers).map((informer) => informer.start()));
    this.#informers = informers;
  }

  stop(): void {
    for (const informer of Object.values(this.#informers ?? {})) informer.stop();
  }

  authorize(attributes: RequestAttributes): Decision {
    if (attributes.user.groups.includes(PRIVILEGED_GROUP)) return { allowed: true, reason: '' };
    for (const grant of this.#grants(attributes.user, attributes.namespace)) {
      if (grant.rules.some((rule) => ruleAllows(rule, attributes))) return { allowed: true, reason: reasonFor(grant) };
    }
    return { allowed: false, reason: '' };
  }

  /** Every rule that holds for the user in a namespace, for SelfSubjectRulesReview. */
  rulesFor(user: UserInfo, namespace: string): PolicyRule[] {
    if (user.groups.includes(PRIVILEGED_GROUP)) {
      return [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ];
    }
    return [...this.#grants(user, namespace)].flatMap((grant) => grant.rules);
  }

  *#grants(user: UserInfo, namespace: string): Iterable<Grant> {
    const informers = this.#informers;
    if (informers === undefined) return;
    const keys = [`User ${user.name}`, ...user.groups.map((group) => `Group ${group}`)];
    for (const key of keys) {
      for (const binding of informers.clusterRoleBindings.byIndex('subject', key)) {
        const rules = informers.clusterRoles.get(undefined, binding.roleRef.name)?.rules;
        if (rules) yield { binding, subject: subjectOf(binding, key), rules };
      }
    }
    if (namespace === '') return;
    for (const key of keys) {
      for (const binding of informers.roleBindings.byIndex('subject', `${namespace}\n${key}`)) {
        const { kind, name } = binding.roleRef;
        const role =
          kind === 'ClusterRole' ? informers.clusterRoles.get(undefined, name) : informers.roles.get(namespace, name);
        if (role?.rules) yield { binding, subject: subjectOf(binding, key), rules: role.rules };
      }
    }
  }
}

/** Whom a subject stands for. A service account is a user of a name of its own. */
function subjectKey(subject: Subject, namespace: string | undefined): string {
  return subject.kind === 'ServiceAccount'
    ? `User system:serviceaccount:${subject.namespace || namespace}:${subject.name}`
    : `${subject.kind} ${subject.name}`;
}

function subjectKeys(binding: Binding): string[] {
  return [...new Set((binding.subjects ?? []).map((subject) => subjectKey(subject, binding.metadata.namespace)))];
}

function subjectOf(binding: Binding, key: string): Subject {
  const found = binding.subjects?.find((subject) => subjectKey(subject, binding.metadata.namespace) === key);
  if (found === undefined) throw new Error(`the binding ${binding.metadata.name} has no subject ${key}`);
  return found;
}

/** As upstream's ClusterRoleBindingDescriber and RoleBindingDescriber put it. */
function reasonFor({ binding, subject }: Grant): string {
  const { name, namespace } = binding.metadata;
  const bound = namespace ? `RoleBinding "${name}/${namespace}"` : `ClusterRoleBinding "${name}"`;
  const who =
    subject.kind === 'ServiceAccount'
      ? `ServiceAccount "${subject.name}/${subject.namespace || namespace}"`
      : `${subject.kind} "${subject.name}"`;
  return `RBAC: allowed by ${bound} of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${who}`;
}
