import type { MutatingAdmissionPolicy } from '../../../../../shared/kubernetes/objects';
import {
  APPLY_CONFIGURATION,
  type Compiled,
  type Composition,
  compileExpression,
  composition,
  JSON_PATCH,
} from '../cel/compile';
import { type Conditions, compileConditions } from '../cel/conditions';

/** One change that a policy makes. */
export interface Mutator {
  readonly type: 'ApplyConfiguration' | 'JSONPatch';
  readonly expression: string;
  readonly compiled: Compiled;
}

/** A mutating policy whose expressions are ready to be asked. */
export interface CompiledMutatingPolicy {
  readonly variables: Composition;
  readonly conditions: Conditions;
  readonly mutators: readonly Mutator[];
}

const compiled = new WeakMap<MutatingAdmissionPolicy, CompiledMutatingPolicy>();

/** Each state of a policy is compiled once (k8s.io/apiserver/pkg/admission/plugin/policy/mutating/compilation.go). */
export function compiledMutatingPolicy(policy: MutatingAdmissionPolicy): CompiledMutatingPolicy {
  let known = compiled.get(policy);
  if (known === undefined) {
    known = compile(policy);
    compiled.set(policy, known);
  }
  return known;
}

function compile({ spec = {} }: MutatingAdmissionPolicy): CompiledMutatingPolicy {
  const { paramKind, variables = [], matchConditions, mutations = [] } = spec;
  const hasParams = paramKind !== undefined;
  const composed = composition();
  for (const { name, expression } of variables) composed.declare(name, expression, hasParams);
  const options = { hasParams, hasAuthorizer: true, hasPatchTypes: true, composed };
  return {
    variables: composed,
    conditions: compileConditions(matchConditions, hasParams, composed),
    mutators: mutations.map(({ patchType, jsonPatch, applyConfiguration }): Mutator => {
      const isPatch = patchType === 'JSONPatch';
      const expression = (isPatch ? jsonPatch : applyConfiguration)?.expression ?? '';
      const types = isPatch ? JSON_PATCH : APPLY_CONFIGURATION;
      return {
        type: isPatch ? 'JSONPatch' : 'ApplyConfiguration',
        expression,
        compiled: compileExpression(expression, options, types),
      };
    }),
  };
}
