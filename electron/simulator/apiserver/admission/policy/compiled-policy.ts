import type { ValidatingAdmissionPolicy } from '../../../../../shared/kubernetes/objects';
import {
  BOOLEAN,
  type Compiled,
  type Composition,
  compileExpression,
  composition,
  TEXT,
  TEXT_OR_NULL,
} from '../cel/compile';
import { type Conditions, compileConditions } from '../cel/conditions';

type Spec = NonNullable<ValidatingAdmissionPolicy['spec']>;

/** A policy whose expressions are ready to be asked. */
export interface CompiledPolicy {
  readonly variables: Composition;
  readonly conditions: Conditions;
  readonly validations: readonly {
    readonly validation: NonNullable<Spec['validations']>[number];
    readonly expression: Compiled;
    readonly message: Compiled | undefined;
  }[];
  readonly annotations: readonly {
    readonly annotation: NonNullable<Spec['auditAnnotations']>[number];
    readonly value: Compiled;
  }[];
}

const compiled = new WeakMap<ValidatingAdmissionPolicy, CompiledPolicy>();

/** Each state of a policy is compiled once (k8s.io/apiserver/pkg/admission/plugin/policy/validating/plugin.go, `compilePolicy`). */
export function compiledPolicy(policy: ValidatingAdmissionPolicy): CompiledPolicy {
  let known = compiled.get(policy);
  if (known === undefined) {
    known = compile(policy.spec ?? {});
    compiled.set(policy, known);
  }
  return known;
}

function compile({ paramKind, variables = [], matchConditions, validations = [], auditAnnotations = [] }: Spec) {
  const hasParams = paramKind !== undefined;
  const composed = composition();
  for (const { name, expression } of variables) composed.declare(name, expression, hasParams);
  const options = { hasParams, hasAuthorizer: true, composed };
  return {
    variables: composed,
    conditions: compileConditions(matchConditions, hasParams, composed),
    validations: validations.map((validation) => ({
      validation,
      expression: compileExpression(validation.expression, options, BOOLEAN),
      message: validation.messageExpression
        ? compileExpression(validation.messageExpression, { ...options, hasAuthorizer: false }, TEXT)
        : undefined,
    })),
    annotations: auditAnnotations.map((annotation) => ({
      annotation,
      value: compileExpression(annotation.valueExpression, options, TEXT_OR_NULL),
    })),
  };
}
