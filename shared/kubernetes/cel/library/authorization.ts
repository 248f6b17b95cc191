import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../label-syntax';
import { type CelFunction, member } from '../functions';
import { BOOL, type CelType, STRING, struct } from '../types';
import { EvaluationError, Opaque, type Value } from '../values/value';

export const AUTHORIZER: CelType = struct('kubernetes.authorization.Authorizer');
const PATH_CHECK: CelType = struct('kubernetes.authorization.PathCheck');
const GROUP_CHECK: CelType = struct('kubernetes.authorization.GroupCheck');
export const RESOURCE_CHECK: CelType = struct('kubernetes.authorization.ResourceCheck');
const DECISION: CelType = struct('kubernetes.authorization.Decision');

/** What an expression asks the authorizer about. */
export interface AuthorizationQuestion {
  readonly verb: string;
  /** Of a request that is for no resource. */
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** Instead of the user of the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
}

export interface AuthorizationAnswer {
  readonly allowed: boolean;
  readonly reason: string;
  readonly error?: string;
}

/** Answers at once: an expression does not wait. */
export type Authorize = (question: AuthorizationQuestion) => AuthorizationAnswer;

abstract class Receiver extends Opaque {
  equals(other: Value): boolean {
    return this === other;
  }
}

/** The variable `authorizer`. */
export class AuthorizerValue extends Receiver {
  readonly type = AUTHORIZER;
  readonly authorize: Authorize;
  readonly serviceAccount: AuthorizationQuestion['serviceAccount'];

  constructor(authorize: Authorize, serviceAccount?: AuthorizationQuestion['serviceAccount']) {
    super();
    this.authorize = authorize;
    this.serviceAccount = serviceAccount;
  }
}

type Partial = Omit<AuthorizationQuestion, 'verb'>;

class CheckValue extends Receiver {
  readonly type: CelType;
  readonly authorize: Authorize;
  readonly question: Partial;

  constructor(type: CelType, authorize: Authorize, question: Partial) {
    super();
    this.type = type;
    this.authorize = authorize;
    this.question = question;
  }
}

/** The variable `authorizer.requestResource`: a check of the very resource that the request is for. */
export function resourceCheck(authorizer: AuthorizerValue, question: Partial): Value {
  return new CheckValue(RESOURCE_CHECK, authorizer.authorize, question);
}

class DecisionValue extends Receiver {
  readonly type = DECISION;
  readonly answer: AuthorizationAnswer;

  constructor(answer: AuthorizationAnswer) {
    super();
    this.answer = answer;
  }
}

function notEmpty(what: string, text: string): string {
  if (text.trim() === '') throw new EvaluationError(`${what} must not be empty`);
  return text;
}

const started = ({ authorize, serviceAccount }: AuthorizerValue, type: CelType, question: Partial) =>
  new CheckValue(type, authorize, serviceAccount === undefined ? question : { ...question, serviceAccount });

const refined = (name: string, id: string, refine: (text: string) => Partial): CelFunction => ({
  name,
  overloads: [
    member(id, [RESOURCE_CHECK, STRING], RESOURCE_CHECK, (check: CheckValue, text: string) => {
      return new CheckValue(RESOURCE_CHECK, check.authorize, { ...check.question, ...refine(text) });
    }),
  ],
});

const check = ({ authorize, question }: CheckValue, verb: string) =>
  new DecisionValue(authorize({ ...question, verb }));

function asServiceAccount({ authorize }: AuthorizerValue, namespace: string, name: string): AuthorizerValue {
  if (dns1123SubdomainProblems(name).length > 0) throw new EvaluationError('Invalid service account name');
  if (dns1123LabelProblems(namespace).length > 0) throw new EvaluationError('Invalid service account namespace');
  return new AuthorizerValue(authorize, { namespace, name });
}

const told = (name: string, type: CelType, tell: (answer: AuthorizationAnswer) => Value): CelFunction => ({
  name,
  overloads: [member(`decision_${name}`, [DECISION], type, ({ answer }: DecisionValue) => tell(answer))],
});

/** k8s.io/apiserver/pkg/cel/library/authz.go. */
export const authorization: readonly CelFunction[] = [
  {
    name: 'path',
    overloads: [
      member('authorizer_path', [AUTHORIZER, STRING], PATH_CHECK, (authorizer: AuthorizerValue, path: string) =>
        started(authorizer, PATH_CHECK, { path: notEmpty('path', path) }),
      ),
    ],
  },
  {
    name: 'group',
    overloads: [
      member('authorizer_group', [AUTHORIZER, STRING], GROUP_CHECK, (authorizer: AuthorizerValue, group: string) =>
        started(authorizer, GROUP_CHECK, { group }),
      ),
    ],
  },
  {
    name: 'serviceAccount',
    overloads: [member('authorizer_serviceaccount', [AUTHORIZER, STRING, STRING], AUTHORIZER, asServiceAccount)],
  },
  {
    name: 'resource',
    overloads: [
      member('groupcheck_resource', [GROUP_CHECK, STRING], RESOURCE_CHECK, (group: CheckValue, resource: string) => {
        const question = { ...group.question, resource: notEmpty('resource', resource) };
        return new CheckValue(RESOURCE_CHECK, group.authorize, question);
      }),
    ],
  },
  refined('subresource', 'resourcecheck_subresource', (subresource) => ({ subresource })),
  refined('namespace', 'resourcecheck_namespace', (namespace) => ({ namespace })),
  refined('name', 'resourcecheck_name', (name) => ({ name })),
  refined('fieldSelector', 'authorizer_fieldselector', (fieldSelector) => ({ fieldSelector })),
  refined('labelSelector', 'authorizer_labelselector', (labelSelector) => ({ labelSelector })),
  {
    name: 'check',
    overloads: [
      member('pathcheck_check', [PATH_CHECK, STRING], DECISION, check),
      member('resourcecheck_check', [RESOURCE_CHECK, STRING], DECISION, check),
    ],
  },
  told('errored', BOOL, ({ error }) => error !== undefined),
  told('error', STRING, ({ error = '' }) => error),
  told('allowed', BOOL, ({ allowed }) => allowed),
  told('reason', STRING, ({ reason }) => reason),
];
