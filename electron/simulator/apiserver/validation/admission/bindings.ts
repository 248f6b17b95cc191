import { dns1123SubdomainProblems, pathSegmentProblems } from '../../../../../shared/kubernetes/label-syntax';
import type {
  MutatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicyBinding,
} from '../../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../field-error';
import { validateLabelSelector } from '../labels';
import { invalidFor } from '../values';
import { mutatingOperationErrors, validateMatchResources } from './match';

type ParamRef = NonNullable<NonNullable<ValidatingAdmissionPolicyBinding['spec']>['paramRef']>;

const ACTIONS = ['Audit', 'Deny', 'Warn'];

/** `ValidateValidatingAdmissionPolicyBinding` (pkg/apis/admissionregistration/validation/validation.go). */
export function validateValidatingAdmissionPolicyBinding({ spec }: ValidatingAdmissionPolicyBinding): FieldError[] {
  return [
    ...policyNameErrors(spec?.policyName),
    ...validateParamRef(spec?.paramRef, 'spec.paramRef'),
    ...validateMatchResources(spec?.matchResources, 'spec.matchResources'),
    ...actionErrors(spec?.validationActions ?? [], 'spec.validationActions'),
  ];
}

/** `ValidateMutatingAdmissionPolicyBinding`. */
export function validateMutatingAdmissionPolicyBinding({ spec }: MutatingAdmissionPolicyBinding): FieldError[] {
  return [
    ...policyNameErrors(spec?.policyName),
    ...validateParamRef(spec?.paramRef, 'spec.paramRef'),
    ...validateMatchResources(spec?.matchResources, 'spec.matchResources'),
    ...mutatingOperationErrors(spec?.matchResources, 'spec.matchResources'),
  ];
}

/** Of a binding of either sort. */
function policyNameErrors(name: string | undefined): FieldError[] {
  if (!name) return [required('spec.policyName')];
  return invalidFor('spec.policyName', name, dns1123SubdomainProblems);
}

function actionErrors(actions: readonly string[], path: string): FieldError[] {
  const errors = actions.flatMap((action, index) => [
    ...(ACTIONS.includes(action) ? [] : [notSupported(`${path}[${index}]`, action, ACTIONS)]),
    ...(actions.indexOf(action) < index ? [duplicate(`${path}[${index}]`, action)] : []),
  ]);
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const detail =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    errors.push(invalid(path, actions, detail));
  }
  if (actions.length === 0) errors.push(required(path, 'at least one validation action is required'));
  return errors;
}

/** `validateParamRef`. */
function validateParamRef(ref: ParamRef | undefined, path: string): FieldError[] {
  if (ref === undefined) return [];
  const { name, selector, parameterNotFoundAction: action } = ref;
  const both = 'name and selector are mutually exclusive';
  return [
    ...(name ? invalidFor(`${path}.name`, name, pathSegmentProblems) : []),
    ...(name && selector !== undefined ? [forbidden(`${path}.name`, both)] : []),
    ...(selector === undefined ? [] : validateLabelSelector(selector, `${path}.selector`)),
    ...(name && selector !== undefined ? [forbidden(`${path}.selector`, both)] : []),
    ...(!name && selector === undefined ? [required(path, 'one of name or selector must be specified')] : []),
    ...(action ? [] : [required(`${path}.parameterNotFoundAction`)]),
    ...(action && action !== 'Deny' && action !== 'Allow'
      ? [notSupported(`${path}.parameterNotFoundAction`, action, ['Deny', 'Allow'])]
      : []),
  ];
}
