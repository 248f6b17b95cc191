import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../../../../shared/kubernetes/objects';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../../../../shared/kubernetes/resources';
import type { ApiClient, UserInfo } from '../../client';
import { Informer } from '../../informer';
import { aggregateText } from '../go-text';
import type { RequestAttributes } from '../request';
import type { Decision, HeldRules, LiveAuthorizer } from './authorizer';
import { type PolicyRule, ruleAllows } from './rule';

type Binding = RoleBinding | ClusterRoleBinding;
type Subject = NonNullable<Binding['subjects']>[number];

/** A binding that concerns a user, with the subject that makes it so. */
interface Grant {
  readonly binding: Binding;
  readonly subject: Subject;
  /** Of the role that it grants; `undefined` when there is no such role. */
  readonly rules: readonly PolicyRule[] | undefined;
}

/**
 * Role-based access control, from the roles and bindings in the cluster
 * (plugin/pkg/auth/authorizer/rbac/rbac.go). Bindings are found by their subjects, so a decision looks only at what is
 * bound to the user and the user's groups.
 */
export class RbacAuthorizer implements LiveAuthorizer {
  #informers:
    | {
        roles: Informer<Role>;
        clusterRoles: Informer<ClusterRole>;
        roleBindings: Informer<RoleBinding>;
        clusterRoleBindings: Informer<ClusterRoleBinding>;
      }
    | undefined;

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
    let missing: string[] | undefined;
    for (const grant of this.#grants(attributes.user, attributes.namespace)) {
      if (grant.rules === undefined) {
        missing ??= [];
        missing.push(missingRole(grant));
      } else if (grant.rules.some((rule) => ruleAllows(rule, attributes))) {
        return { allowed: true, reason: `RBAC: allowed by ${describe(grant)}` };
      }
    }
    return { allowed: false, reason: missing === undefined ? '' : `RBAC: ${aggregateText(missing)}` };
  }

  /**
   * Every rule that holds for the user in a namespace; `''`: in the cluster as a whole.
   * @param resource what a role that is not there is called, if not by its kind.
   */
  rulesFor(user: UserInfo, namespace: string, resource?: string): HeldRules {
    const grants = [...this.#grants(user, namespace)];
    return {
      rules: grants.flatMap(({ rules }) => rules ?? []),
      incomplete: false,
      error: aggregateText(
        grants.filter(({ rules }) => rules === undefined).map((grant) => missingRole(grant, resource)),
      ),
    };
  }

  /**
   * The rules that a binding would give.
   * @returns `undefined` when its role is not there.
   */
  rulesOf({ kind, name }: Binding['roleRef'], namespace: string): readonly PolicyRule[] | undefined {
    const informers = this.#informers;
    const role =
      kind === 'ClusterRole' ? informers?.clusterRoles.get(undefined, name) : informers?.roles.get(namespace, name);
    return role === undefined ? undefined : (role.rules ?? []);
  }

  *#grants(user: UserInfo, namespace: string): Iterable<Grant> {
    const informers = this.#informers;
    if (informers === undefined) return;
    const keys = [`User ${user.name}`, ...user.groups.map((group) => `Group ${group}`)];
    for (const key of keys) {
      for (const binding of informers.clusterRoleBindings.byIndex('subject', key)) {
        yield { binding, subject: subjectOf(binding, key), rules: this.rulesOf(binding.roleRef, '') };
      }
    }
    if (namespace === '') return;
    for (const key of keys) {
      for (const binding of informers.roleBindings.byIndex('subject', `${namespace}\n${key}`)) {
        yield { binding, subject: subjectOf(binding, key), rules: this.rulesOf(binding.roleRef, namespace) };
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

function missingRole({ binding: { roleRef } }: Grant, resource = roleRef.kind.toLowerCase()): string {
  return `${resource}.rbac.authorization.k8s.io ${JSON.stringify(roleRef.name)} not found`;
}

/** As upstream's clusterRoleBindingDescriber and roleBindingDescriber put it. */
function describe({ binding, subject }: Grant): string {
  const { name, namespace } = binding.metadata;
  const bound = namespace ? `RoleBinding "${name}/${namespace}"` : `ClusterRoleBinding "${name}"`;
  const who =
    subject.kind === 'ServiceAccount'
      ? `ServiceAccount "${subject.name}/${subject.namespace || namespace}"`
      : `${subject.kind} "${subject.name}"`;
  return `${bound} of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${who}`;
}
