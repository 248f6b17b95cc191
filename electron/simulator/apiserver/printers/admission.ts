import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '../../../../shared/kubernetes/objects';
import type { TablePrinter } from '../registry/definition';
import { age, ageColumn, column, nameColumn, nameOf } from './columns';

export const webhookConfigurationPrinter: TablePrinter<ValidatingWebhookConfiguration | MutatingWebhookConfiguration> =
  {
    columns: [nameColumn, column('Webhooks', 'How many webhooks are registered.', 'integer'), ageColumn],
    cells: (configuration, now) => [
      nameOf(configuration),
      (configuration.webhooks ?? []).length,
      age(configuration, now),
    ],
  };

const paramKindColumn = column('ParamKind', 'The kind of the objects that the policy takes its parameters from.');

export const validatingAdmissionPolicyPrinter: TablePrinter<ValidatingAdmissionPolicy> = {
  columns: [nameColumn, column('Validations', 'How many rules there are.', 'integer'), paramKindColumn, ageColumn],
  cells: (policy, now) => [
    nameOf(policy),
    (policy.spec?.validations ?? []).length,
    paramKindText(policy.spec?.paramKind),
    age(policy, now),
  ],
};

export const mutatingAdmissionPolicyPrinter: TablePrinter<MutatingAdmissionPolicy> = {
  columns: [nameColumn, column('Mutations', 'How many changes it makes.', 'integer'), paramKindColumn, ageColumn],
  cells: (policy, now) => [
    nameOf(policy),
    (policy.spec?.mutations ?? []).length,
    paramKindText(policy.spec?.paramKind),
    age(policy, now),
  ],
};

/** Of a policy of either sort. */
function paramKindText(kind: { readonly apiVersion?: string; readonly kind?: string } | undefined): string {
  return kind === undefined ? '<unset>' : `${kind.apiVersion ?? ''}/${kind.kind ?? ''}`;
}

/** Of both sorts. */
export const policyBindingPrinter: TablePrinter<ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding> = {
  columns: [
    nameColumn,
    column('PolicyName', 'The policy that is bound.'),
    column('ParamRef', 'Where its parameters come from.'),
    ageColumn,
  ],
  cells: (binding, now) => [
    nameOf(binding),
    binding.spec?.policyName ?? '',
    paramRefText(binding.spec?.paramRef),
    age(binding, now),
  ],
};

type ParamRef = NonNullable<ValidatingAdmissionPolicyBinding['spec']>['paramRef'];

function paramRefText(ref: ParamRef): string {
  // Whether the parameters are in namespaces cannot be told from here.
  if (ref?.name) return `${ref.namespace || '*'}/${ref.name}`;
  if (ref?.selector === undefined) return '<unset>';
  return selectorText(ref.selector);
}

/** A selector as gogo's generated `String()` writes it. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: NonNullable<NonNullable<ParamRef>['selector']>) {
  const labels = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}: ${matchLabels[key]},`)
    .join('');
  const expressions = matchExpressions
    .map(({ key, operator, values = [] }) => {
      return `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`;
    })
    .join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}
