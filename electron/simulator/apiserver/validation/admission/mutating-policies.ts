import type { MutatingAdmissionPolicy } from '../../../../../shared/kubernetes/objects';
import {
  APPLY_CONFIGURATION,
  type Composition,
  composition,
  JSON_PATCH,
  type ReturnTypes,
} from '../../admission/cel/compile';
import { type FieldError, invalid, notSupported, required } from '../field-error';
import { oneOf } from '../values';
import { mutatingOperationErrors } from './match';
import { commonErrors, expressionErrors, keepsMatchConditions } from './policy-parts';

type Spec = NonNullable<MutatingAdmissionPolicy['spec']>;
type Mutation = NonNullable<Spec['mutations']>[number];

const PATCH_TYPES = ['ApplyConfiguration', 'JSONPatch'];
const REINVOCATION_POLICIES = ['IfNeeded', 'Never'];

/** `ValidateMutatingAdmissionPolicy` (pkg/apis/admissionregistration/validation/validation.go). */
export function validateMutatingAdmissionPolicy(policy: MutatingAdmissionPolicy): FieldError[] {
  return validate(policy, false);
}

/** `ValidateMutatingAdmissionPolicyUpdate`: match conditions that stay are not looked at again. */
export function validateMutatingAdmissionPolicyUpdate(
  policy: MutatingAdmissionPolicy,
  old: MutatingAdmissionPolicy,
): FieldError[] {
  return validate(policy, keepsMatchConditions(policy, old));
}

function validate({ spec = {} }: MutatingAdmissionPolicy, ignoreMatchConditions: boolean): FieldError[] {
  const { paramKind, mutations = [], reinvocationPolicy } = spec;
  const hasParams = paramKind !== undefined;
  const composed = composition();
  return [
    ...commonErrors(spec, composed, ignoreMatchConditions, mutatingOperationErrors),
    ...(mutations.length === 0 ? [required('spec.mutations', 'mutations must contain at least one item')] : []),
    ...mutations.flatMap((mutation, index) =>
      validateMutation(mutation, `spec.mutations[${index}]`, composed, hasParams),
    ),
    ...(reinvocationPolicy
      ? oneOf(reinvocationPolicy, REINVOCATION_POLICIES, 'spec.reinvocationPolicy')
      : [required('spec.reinvocationPolicy')]),
  ];
}

function validateMutation(
  { patchType, jsonPatch, applyConfiguration }: Mutation,
  path: string,
  composed: Composition,
  hasParams: boolean,
): FieldError[] {
  const check = (
    field: 'jsonPatch' | 'applyConfiguration',
    wanted: Mutation['jsonPatch'],
    other: 'jsonPatch' | 'applyConfiguration',
    unwanted: Mutation['jsonPatch'],
    types: ReturnTypes,
  ): FieldError[] => {
    const when = `specified when patchType is ${patchType}`;
    const expression = (wanted?.expression ?? '').trim();
    const at = `${path}.${field}`;
    const options = { hasParams, hasAuthorizer: true, hasPatchTypes: true, composed };
    const errors =
      wanted === undefined
        ? [required(at, `must be ${when}`)]
        : expression === ''
          ? [required(`${at}.expression`)]
          : expressionErrors(expression, `${at}.expression`, options, types);
    return unwanted === undefined
      ? errors
      : [...errors, invalid(`${path}.${other}`, `{${other}}`, `must not be ${when}`)];
  };
  switch (patchType) {
    case 'JSONPatch':
      return check('jsonPatch', jsonPatch, 'applyConfiguration', applyConfiguration, JSON_PATCH);
    case 'ApplyConfiguration':
      return check('applyConfiguration', applyConfiguration, 'jsonPatch', jsonPatch, APPLY_CONFIGURATION);
    default:
      return patchType ? [notSupported(`${path}.patchType`, patchType, PATCH_TYPES)] : [required(`${path}.patchType`)];
  }
}
