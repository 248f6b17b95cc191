import type { ClusterRoleBinding, KubeObject, Role, RoleBinding } from '../kubernetes/objects';
import { listCell } from './cells';
import type { Cell, Column, Relation } from './kind';

type Rules = Pick<Role, 'rules'>;

function distinct(texts: readonly string[]): string | null {
  return listCell([...new Set(texts)].sort());
}

/** What the rules of a role are about, for its table. */
export function ruleColumns<T extends KubeObject & Rules>(): readonly Column<T>[] {
  return [
    { id: 'rules', title: 'Rules', type: 'number', width: 70, value: ({ rules }) => rules?.length ?? 0 },
    {
      id: 'resources',
      title: 'Resources',
      type: 'list',
      width: 320,
      value: ({ rules }): Cell =>
        distinct((rules ?? []).flatMap((rule) => [...(rule.resources ?? []), ...(rule.nonResourceURLs ?? [])])),
    },
    {
      id: 'verbs',
      title: 'Verbs',
      type: 'list',
      width: 260,
      value: ({ rules }): Cell => distinct((rules ?? []).flatMap((rule) => rule.verbs)),
    },
  ];
}

type Binding = RoleBinding | ClusterRoleBinding;

/** `User jane`, `ServiceAccount kube-system/default`. */
function subjectTexts({ subjects }: Binding): string[] {
  return (subjects ?? []).map(({ kind, namespace, name }) => `${kind} ${namespace ? `${namespace}/` : ''}${name}`);
}

/** Whom a binding gives what. */
export function bindingColumns<T extends Binding>(): readonly Column<T>[] {
  return [
    { id: 'role', title: 'Role', width: 260, value: ({ roleRef }) => `${roleRef.kind}/${roleRef.name}` },
    {
      id: 'subjects',
      title: 'Subjects',
      type: 'list',
      width: 420,
      value: (binding) => listCell(subjectTexts(binding)),
    },
  ];
}

/** The role that a binding gives, and the service accounts it gives it to. */
export function bindingRelations(binding: Binding): Relation[] {
  const { roleRef, subjects, metadata } = binding;
  const role: Relation =
    roleRef.kind === 'Role'
      ? {
          role: 'Role',
          kind: 'roles.rbac.authorization.k8s.io',
          namespace: metadata.namespace ?? '',
          name: roleRef.name,
        }
      : { role: 'Role', kind: 'clusterroles.rbac.authorization.k8s.io', name: roleRef.name };
  const accounts = (subjects ?? []).flatMap((subject) =>
    subject.kind === 'ServiceAccount'
      ? [
          {
            role: 'Service accounts',
            kind: 'serviceaccounts',
            namespace: subject.namespace ?? metadata.namespace ?? '',
            name: subject.name,
          },
        ]
      : [],
  );
  return [role, ...accounts];
}
