import type { ClusterRoleBinding, RoleBinding, ServiceAccount } from '../../../../shared/kubernetes/objects';
import type { TablePrinter } from '../registry/definition';
import { age, ageColumn, column, nameColumn, nameOf, simplePrinter, wide } from './columns';

export const roleBindingPrinter: TablePrinter<RoleBinding | ClusterRoleBinding> = {
  columns: [
    nameColumn,
    column('Role', 'The role that is granted.'),
    ageColumn,
    wide('Users', 'Users in the binding'),
    wide('Groups', 'Groups in the binding'),
    wide('ServiceAccounts', 'ServiceAccounts in the binding'),
  ],
  cells(binding, now) {
    const subjects = (kind: string) => (binding.subjects ?? []).filter((subject) => subject.kind === kind);
    return [
      nameOf(binding),
      `${binding.roleRef.kind}/${binding.roleRef.name}`,
      age(binding, now),
      subjects('User')
        .map((subject) => subject.name)
        .join(', '),
      subjects('Group')
        .map((subject) => subject.name)
        .join(', '),
      subjects('ServiceAccount')
        .map((subject) => (subject.namespace ? `${subject.namespace}/${subject.name}` : `/${subject.name}`))
        .join(', '),
    ];
  },
};

/** printServiceAccount of pkg/printers/internalversion: how many secrets an account names is no longer told. */
export const serviceAccountPrinter = simplePrinter<ServiceAccount>([], () => []);
