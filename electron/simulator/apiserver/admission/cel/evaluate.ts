import {
  AuthorizerValue,
  CostLimitExceeded,
  dynamicValue,
  EvaluationError,
  LazyMap,
  PER_CALL_LIMIT,
  resourceCheck,
  type Value,
} from '../../../../../shared/kubernetes/cel';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import type { UserInfo } from '../../../client';
import type { Authorizer } from '../../authorization/authorizer';
import { namespaceOf } from '../attributes';
import type { AdmissionRequest } from '../plugin';
import type { Compiled, Composition } from './compile';

/** What all expressions of a policy may cost for one request (k8s.io/apiserver/pkg/apis/cel/config.go). */
export const RUNTIME_BUDGET = 10_000_000;
/** The same for match conditions. */
export const MATCH_CONDITIONS_BUDGET = 2_500_000;

/** What expressions read of a request. */
export interface ExpressionInputs {
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
  /** As `reviewOf` makes it. */
  readonly review: Readonly<Record<string, unknown>>;
  readonly namespaceObject?: KubeObject | undefined;
  readonly params?: KubeObject | undefined;
  /** Absent: expressions cannot ask it. */
  readonly authorizer?: AuthorizerValue | undefined;
  readonly requestResource?: Value | undefined;
}

/** What came of an expression: its value, or what went wrong. */
export type Outcome = { readonly value: Value } | { readonly error: string };

/** Nothing more is asked: too much was spent. */
export class OutOfBudget extends Error {
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run');
  }
}

/**
 * Evaluates expressions about one request, until too much is spent (k8s.io/apiserver/pkg/admission/plugin/cel/activation.go
 * and composition.go).
 */
export class Evaluation {
  /** What is left of the budget. */
  left: number;
  readonly #inputs: ExpressionInputs;
  readonly #values = new Map<string, Value | undefined>();
  readonly #variables: Value | undefined;
  /** What variables have cost that were read by the expression under way. */
  #composed = 0;

  constructor(inputs: ExpressionInputs, composition: Composition | undefined, budget: number) {
    this.#inputs = inputs;
    this.left = budget;
    this.#variables =
      composition && new LazyMap([...composition.programs.keys()], (name) => this.#compose(composition, name));
  }

  /** @throws OutOfBudget */
  evaluate(compiled: Compiled, expression: string): Outcome {
    if ('error' in compiled) return { error: `compilation error: ${compiled.error}` };
    let outcome: Outcome;
    let cost = 0;
    try {
      const evaluated = compiled.program.evaluate(this, PER_CALL_LIMIT);
      ({ cost } = evaluated);
      outcome = { value: evaluated.value };
    } catch (error) {
      if (error instanceof CostLimitExceeded) cost = PER_CALL_LIMIT;
      else if (!(error instanceof EvaluationError)) throw error;
      outcome = { error: `expression '${expression}' resulted in error: ${error.message}` };
    }
    this.#spend(this.#composed);
    this.#composed = 0;
    this.#spend(cost);
    return outcome;
  }

  /** The value of a variable of an expression. */
  find(name: string): Value | undefined {
    if (!this.#values.has(name)) this.#values.set(name, this.#make(name));
    return this.#values.get(name);
  }

  #make(name: string): Value | undefined {
    switch (name) {
      case 'object':
        return dynamicValue(this.#inputs.object);
      case 'oldObject':
        return dynamicValue(this.#inputs.oldObject);
      case 'params':
        return dynamicValue(this.#inputs.params);
      case 'request':
        return dynamicValue(this.#inputs.review);
      case 'namespaceObject':
        return dynamicValue(this.#inputs.namespaceObject);
      case 'authorizer':
        return this.#inputs.authorizer;
      case 'authorizer.requestResource':
        return this.#inputs.requestResource;
      case 'variables':
        return this.#variables;
      default:
        return undefined;
    }
  }

  /** @throws EvaluationError, which the expression that reads the variable may absorb. */
  #compose({ programs }: Composition, name: string): Value {
    const compiled = programs.get(name);
    const quoted = JSON.stringify(name);
    if (compiled === undefined) throw new EvaluationError(`no such key: ${name}`);
    if ('error' in compiled) {
      throw new EvaluationError(`composited variable ${quoted} fails to compile: ${compiled.error}`);
    }
    try {
      const { value, cost } = compiled.program.evaluate(this, PER_CALL_LIMIT);
      this.#composed += cost;
      return value;
    } catch (error) {
      if (error instanceof CostLimitExceeded) this.#composed += PER_CALL_LIMIT;
      else if (!(error instanceof EvaluationError)) throw error;
      throw new EvaluationError(`composited variable ${quoted} fails to evaluate: ${error.message}`);
    }
  }

  #spend(cost: number): void {
    if (cost > this.left) throw new OutOfBudget();
    this.left -= cost;
  }
}

/** The variables `authorizer` and `authorizer.requestResource` for a request. */
export function authorizerValues(
  authorizer: Authorizer,
  request: AdmissionRequest,
): Required<Pick<ExpressionInputs, 'authorizer' | 'requestResource'>> {
  const { user, group, resource, subresource, name } = request.attributes;
  const value = new AuthorizerValue((question) => {
    const { serviceAccount, path = '' } = question;
    const isResource = question.path === undefined;
    const decision = authorizer.authorize({
      user: serviceAccount === undefined ? user : serviceAccountUser(serviceAccount),
      verb: question.verb,
      isResource,
      path,
      group: question.group ?? '',
      version: isResource ? '*' : '',
      resource: question.resource ?? '',
      subresource: question.subresource ?? '',
      namespace: question.namespace ?? '',
      name: question.name ?? '',
      ...(question.fieldSelector === undefined ? {} : { fieldSelector: question.fieldSelector }),
      ...(question.labelSelector === undefined ? {} : { labelSelector: question.labelSelector }),
    });
    return { allowed: decision.allowed, reason: decision.reason };
  });
  const namespace = namespaceOf(request);
  return {
    authorizer: value,
    requestResource: resourceCheck(value, { group, resource, subresource, namespace, name }),
  };
}

function serviceAccountUser({ namespace, name }: { readonly namespace: string; readonly name: string }): UserInfo {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}
