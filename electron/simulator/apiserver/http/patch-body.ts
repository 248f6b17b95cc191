import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { PatchType } from '../../client';
import { isTooDeep } from '../encoding/depth';
import { JsonSyntaxError, membersOf, readJson } from '../encoding/json-reader';
import { writeJson } from '../encoding/json-writer';
import { readYaml, YamlError } from '../encoding/yaml-reader';
import { goText } from '../go-text';
import { isRecord } from '../json';
import type { ResourceDefinition } from '../registry/definition';
import { decodeUntyped, jsonType } from '../schema';
import { badRequest, invalid } from '../status-errors';
import type { Exchange } from './exchange';
import { strictDecodingError, warnOf, yamlProblem } from './field-validation';
import { asKubeObject, interpret, Refusal } from './object-body';
import type { FieldValidation } from './write-options';

/** What a patch says, before it is applied to anything (apiserver/pkg/endpoints/handlers/patch.go). */
export interface PatchBody {
  readonly patch: unknown;
  /** What strict decoding has against its text. */
  readonly problems: readonly string[];
}

/** @throws StatusError 400. */
export function readPatch(body: Buffer, type: Exclude<PatchType, 'apply'>): PatchBody {
  const prefix = type === 'strategic' ? '' : 'error decoding patch: ';
  let value: unknown;
  try {
    value = readJson(body.toString());
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw badRequest(prefix + error.message);
    throw error;
  }
  if (isTooDeep(value)) throw badRequest(`${prefix}exceeded max depth`);
  if (type === 'json') return readOperations(value, prefix);
  if (value !== null && !isRecord(value)) {
    throw badRequest(
      `${prefix}json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`,
    );
  }
  if (value === null && type === 'merge') throw badRequest('Invalid JSON Patch');
  const { value: patch, problems } = decodeUntyped(value ?? {});
  return { patch, problems };
}

const OPERATION_FIELDS = new Set(['op', 'path', 'from', 'value']);

function readOperations(value: unknown, prefix: string): PatchBody {
  const mismatch = (found: unknown, where: string) =>
    badRequest(`${prefix}json: cannot unmarshal ${jsonType(found)} into Go ${where}`);
  if (value === null) return { patch: [], problems: [] };
  if (!Array.isArray(value)) throw mismatch(value, 'value of type []handlers.jsonPatchOp');
  const problems = new Set<string>();
  for (const [index, operation] of value.entries()) {
    if (operation === null) continue;
    if (!isRecord(operation)) throw mismatch(operation, 'value of type handlers.jsonPatchOp');
    const seen = new Set<string>();
    for (const [key, child] of membersOf(operation)) {
      if (!OPERATION_FIELDS.has(key)) problems.add(`json patch unknown field "[${index}].${key}"`);
      else if (seen.has(key)) problems.add(`json patch duplicate field "[${index}].${key}"`);
      else if (key !== 'value' && child !== null && typeof child !== 'string') {
        throw mismatch(child, `struct field jsonPatchOp.${key} of type string`);
      }
      seen.add(key);
    }
  }
  return { patch: value, problems: [...problems] };
}

/**
 * Reads what somebody applies. That it is of the kind, and what its fields hold, is for who applies it.
 * @throws StatusError 400.
 */
export function readConfiguration(body: Buffer): PatchBody {
  try {
    const { value, repeated } = readYaml(body.toString());
    if (value !== null && !isRecord(value)) {
      throw badRequest(
        `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`,
      );
    }
    if (isTooDeep(value)) throw badRequest('error decoding YAML: exceeded max depth');
    const problems = repeated.length === 0 ? [] : [`error converting YAML to JSON: ${yamlProblem(repeated)}`];
    return { patch: value ?? {}, problems };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
  }
}

/**
 * Reads what a patch made of an object as strictly as a body that came whole.
 * @throws StatusError 422.
 */
export function checkPatched(
  exchange: Exchange,
  kind: Pick<Resource, 'group' | 'version' | 'kind'>,
  object: KubeObject,
  { patch, problems }: PatchBody,
  mode: FieldValidation,
  type: Exclude<PatchType, 'apply'>,
  custom?: ResourceDefinition['decode'],
): KubeObject {
  const refuse = (why: string) => {
    // Upstream shows the patch that was merged by the kind's rules, and of the others what they made.
    const shown = type === 'strategic' ? goText(patch) : writeJson(object);
    const message = `Invalid value: ${JSON.stringify(shown)}: ${why}`;
    return invalid({ group: '', kind: '' }, '', [{ type: 'FieldValueInvalid', field: 'patch', message }]);
  };
  try {
    const decoded = interpret(object, kind, custom);
    const all = [...problems, ...decoded.problems];
    if (all.length > 0 && mode === 'Strict') throw refuse(strictDecodingError(all));
    if (mode === 'Warn') warnOf(exchange, all);
    return asKubeObject(decoded);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw refuse(type === 'strategic' ? error.converted : error.message);
  }
}
