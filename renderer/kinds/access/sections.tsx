import type {
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
  ServiceAccount,
} from '../../../shared/kubernetes/objects';
import { ObjectLink } from '../../details/object-link';
import { Chip, Field, Fields, Section, SmallTable } from '../../details/parts';
import { ruleText, verbsText } from './rules';

export function RoleSections({ object: { rules } }: { object: Role | ClusterRole }) {
  return (
    <Section title="Allows" aside={rules?.length ?? 0}>
      {(rules?.length ?? 0) === 0 ? (
        <p className="text-ink-soft">It allows nothing.</p>
      ) : (
        <SmallTable
          head={['To', 'What']}
          rows={(rules ?? []).map((rule) => ({
            key: JSON.stringify(rule),
            cells: [verbsText(rule.verbs), ruleText(rule)],
          }))}
        />
      )}
    </Section>
  );
}

export function BindingSections({
  object: { roleRef, subjects, metadata },
}: {
  object: RoleBinding | ClusterRoleBinding;
}) {
  const roleKind = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  return (
    <>
      <Section title="Gives">
        <Fields>
          <Field name={roleRef.kind === 'Role' ? 'Role' : 'Cluster role'}>
            <ObjectLink
              kind={`${roleKind}.rbac.authorization.k8s.io`}
              namespace={metadata.namespace}
              name={roleRef.name}
            />
          </Field>
          <Field name="Where">{metadata.namespace ? `in ${metadata.namespace}` : 'in the whole cluster'}</Field>
        </Fields>
      </Section>
      <Section title="To" aside={subjects?.length ?? 0}>
        {(subjects?.length ?? 0) === 0 && <p className="text-ink-soft">Nobody.</p>}
        <ul>
          {subjects?.map(({ kind, namespace, name }) => (
            <li key={`${kind}/${namespace}/${name}`} className="flex min-h-6 items-center gap-2" data-selectable>
              <Chip>{kind}</Chip>
              {kind === 'ServiceAccount' ? (
                <ObjectLink kind="serviceaccounts" namespace={namespace} name={name} />
              ) : (
                <span className="break-all">{name}</span>
              )}
              {namespace && <span className="text-ink-faint">in {namespace}</span>}
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

export function ServiceAccountSections({ object }: { object: ServiceAccount }) {
  return (
    <Section title="Service account">
      <Fields>
        <Field name="Known as">
          <code className="break-all font-mono text-sm">
            {`system:serviceaccount:${object.metadata.namespace}:${object.metadata.name}`}
          </code>
        </Field>
        <Field name="Token in pods">{object.automountServiceAccountToken === false ? 'no' : 'yes'}</Field>
        <Field name="Pull secrets">{object.imagePullSecrets?.map((secret) => secret.name).join(', ')}</Field>
      </Fields>
    </Section>
  );
}
