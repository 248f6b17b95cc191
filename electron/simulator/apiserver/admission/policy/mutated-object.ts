import {
  CelList,
  checkTypeNames,
  EvaluationError,
  jsonValue,
  nativeObject,
  StructValue,
  type Value,
} from '../../../../../shared/kubernetes/cel';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import { apiVersionOf } from '../../../../../shared/kubernetes/resources';
import { kindText } from '../../go-text';
import { Refusal } from '../../http/object-body';
import { isRecord } from '../../json';
import { InapplicablePatch, jsonPatched } from '../../patch/json-patch';
import type { SchemaNode } from '../../patch/schema-node';
import { schemaFor } from '../../schema';
import { failure, internalError } from '../../status-errors';
import type { Composition } from '../cel/compile';
import { Evaluation, type ExpressionInputs, OutOfBudget, RUNTIME_BUDGET } from '../cel/evaluate';
import { shownDefinition, shownObject, takenBack } from '../changed-object';
import type { Match } from '../matching/resources';
import type { AdmissionRequest, ServedApi } from '../plugin';
import { InapplicableConfiguration, withConfiguration } from './apply-configuration';
import type { Mutator } from './compiled-mutating-policy';

/** A policy could not do its work: what that means is for its failure policy to say. */
export class PolicyFailure extends Error {}

/** A policy that is asked about a request. */
export interface PolicyTurn {
  readonly request: AdmissionRequest;
  readonly match: Match;
  readonly inputs: ExpressionInputs;
  readonly variables: Composition;
}

/**
 * The object of a request as one mutation of a policy makes it, with its defaults
 * (k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch).
 * @throws PolicyFailure, or StatusError when a patch has made something that is no object of its kind.
 */
export function mutatedObject(
  api: ServedApi,
  { request, match, inputs, variables }: PolicyTurn,
  { type, expression, compiled }: Mutator,
): KubeObject {
  checkIsServed(api, match);
  const shown = shownObject(api, request, match) ?? { metadata: {} };
  try {
    const outcome = new Evaluation(inputs, variables, RUNTIME_BUDGET).evaluate(compiled, expression);
    if ('error' in outcome) throw new PolicyFailure(outcome.error);
    return type === 'JSONPatch'
      ? patched(api, request, match, shown, outcome.value)
      : configured(api, request, match, shown, outcome.value);
  } catch (error) {
    if (error instanceof OutOfBudget || error instanceof EvaluationError) throw new PolicyFailure(error.message);
    throw error;
  }
}

/** @throws StatusError 503 when nothing is known of the kind's version. */
function checkIsServed({ definitions }: ServedApi, { kind: { group, version, kind } }: Match): void {
  if (definitions.some(({ resource }) => resource.group === group && resource.version === version)) return;
  const name = kindText(apiVersionOf({ group, version }), kind);
  const why = 'There can be a delay between when CustomResourceDefinitions are created and when they are available.';
  throw failure(503, 'ServiceUnavailable', `Resource kind ${name} not found. ${why}`);
}

/**
 * What is known of the fields that are shown. What is posted to subresources is only known where it is of the same version:
 * upstream looks into what is published of the kind's own.
 * @throws InapplicableConfiguration
 */
function schemaOf(api: ServedApi, match: Match): SchemaNode {
  const { kind, resource } = match;
  const isPublished = kind.group === resource.group && kind.version === resource.version;
  const schema = shownDefinition(api, match)?.fieldNode ?? (isPublished ? schemaFor(kind) : undefined);
  if (schema !== undefined) return schema;
  const name = kindText(apiVersionOf(kind), kind.kind);
  throw new InapplicableConfiguration(
    `failed to convert patch object to typed object: no corresponding type for ${name}`,
  );
}

/** `patch/smd.go`. */
function configured(
  api: ServedApi,
  request: AdmissionRequest,
  match: Match,
  shown: KubeObject,
  value: Value,
): KubeObject {
  checkTypeNames(value);
  const { apiVersion, kind } = shown;
  try {
    const configuration = { ...(value instanceof StructValue ? nativeObject(value) : {}), apiVersion, kind };
    return takenBack(api, request, match, withConfiguration(shown, configuration, schemaOf(api, match))).object;
  } catch (error) {
    if (error instanceof InapplicableConfiguration) throw new PolicyFailure(`error applying patch: ${error.message}`);
    if (!(error instanceof Refusal)) throw error;
    const why = error.message.replace(
      /^json: cannot unmarshal number .* of type (\w+)$/,
      'cannot convert float64 to $1',
    );
    throw new PolicyFailure(`unable to convert unstructured object to ${kindText(apiVersion, kind)}: ${why}`);
  }
}

/** `patch/json_patch.go`. */
function patched(api: ServedApi, request: AdmissionRequest, match: Match, shown: KubeObject, value: Value): KubeObject {
  const operations = value instanceof CelList ? [...value].map(operationOf) : [];
  let result: unknown;
  try {
    result = jsonPatched(shown, operations);
  } catch (error) {
    if (!(error instanceof InapplicablePatch)) throw error;
    if (!error.isFailedTest) throw new PolicyFailure(`JSON Patch: ${error.message}`);
    // A patch whose test fails is not meant for this object.
    result = jsonPatched(shown, []);
  }
  try {
    const { object, problems } = takenBack(api, request, match, isRecord(result) ? result : {});
    // What is of no type in Go is not looked at so closely.
    if (problems.length === 0 || shownDefinition(api, match)?.isCustom === true) return object;
    throw internalError(`strict decoding error: ${problems.join(', ')}`);
  } catch (error) {
    if (error instanceof Refusal) throw internalError(error.message);
    throw error;
  }
}

function operationOf(patch: Value): Record<string, unknown> {
  if (!(patch instanceof StructValue)) return {};
  const { op = '', path = '', from, value } = Object.fromEntries(patch.fields);
  const operation = { op, path, ...(from ? { from } : {}) };
  if (value === undefined) return operation;
  checkTypeNames(value);
  try {
    return { ...operation, value: jsonValue(value) };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new PolicyFailure(
      `JSONPath valueExpression evaluated to a type that could not marshal to JSON: ${error.message}`,
    );
  }
}
