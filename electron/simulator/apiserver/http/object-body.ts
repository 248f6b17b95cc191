import { messageOf } from '../../../../shared/error-message';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import { checkHasKind } from '../custom-resources/decode';
import { isTooDeep } from '../encoding/depth';
import { JsonSyntaxError, readJson } from '../encoding/json-reader';
import { readYaml, YamlError } from '../encoding/yaml-reader';
import { isRecord } from '../json';
import { decodeProtobuf } from '../protobuf/decode';
import { PROTOBUF } from '../protobuf/messages';
import type { Decoded, ResourceDefinition } from '../registry/definition';
import { decodeAs, jsonType, TypeMismatch } from '../schema';
import { isKnownKind } from '../schema/document';
import { badRequest } from '../status-errors';
import { unsupportedMediaType } from './body';
import { yamlProblem } from './field-validation';

type Kind = Pick<Resource, 'group' | 'version' | 'kind'>;

/** How a custom resource's objects are read against their own schema. */
type CustomDecode = NonNullable<ResourceDefinition['decode']>;

/** Why a body is no object of the kind that it should be. */
export class Refusal extends Error {
  /** What the body says that it is; absent when that could not be found out. */
  readonly said: Pick<Kind, 'kind' | 'version'> | undefined;
  /** The same of what a strategic merge patch has made. */
  readonly converted: string;

  constructor(message: string, said?: Pick<Kind, 'kind' | 'version'>, converted = message) {
    super(message);
    this.said = said;
    this.converted = converted;
  }
}

/** A body in its format, its fields not yet looked at. */
interface Parsed {
  readonly value: unknown;
  /** What strict decoding has against its text. */
  readonly problems: readonly string[];
}

/**
 * Reads a body as an object of a kind, against its schema (apimachinery's codecs, with the handlers' transformDecodeError).
 * @throws StatusError 415 for a format that is not read, 400 for a body that is no such object.
 */
export function decodeObject(body: Buffer, type: string, expected: Kind, custom?: CustomDecode): Decoded {
  return refused(body, expected, () => {
    const { value, problems } = parse(body, type, true);
    if (custom !== undefined && isRecord(value)) checkHasKind(expected, value);
    const decoded = interpret(value, expected, custom);
    return { object: decoded.object, problems: [...problems, ...decoded.problems] };
  });
}

/** They go with every group; what they hold is the same in all. */
const DELETE_OPTIONS: Kind = { group: '', version: 'v1', kind: 'DeleteOptions' };

/**
 * The body of a DELETE. It may be of any version, and fields that are unknown are passed over.
 * @throws StatusError 415 or 400.
 */
export function decodeDeleteOptions(body: Buffer, type: string): Record<string, unknown> {
  try {
    const object = fieldsOf(parse(body, type, true).value);
    const said = saidKind(object, DELETE_OPTIONS);
    if (said.kind !== DELETE_OPTIONS.kind) throw unregistered(said);
    return interpret({ ...object, apiVersion: DELETE_OPTIONS.version }, DELETE_OPTIONS).object;
  } catch (error) {
    if (error instanceof Refusal) throw badRequest(error.message);
    throw error;
  }
}

function refused<T>(body: Buffer, { kind }: Kind, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { said, message } = error;
    throw badRequest(
      said === undefined
        ? `the object provided is unrecognized (must be of type ${kind}): ${message} (${summary(body)})`
        : `${said.kind} in version ${JSON.stringify(said.version)} cannot be handled as a ${kind}: ${message}`,
    );
  }
}

function parse(body: Buffer, type: string, literals: boolean): Parsed {
  switch (type) {
    case 'application/json':
      return { value: parseJson(body.toString(), literals), problems: [] };
    case 'application/yaml':
      return parseYaml(body.toString());
    case PROTOBUF:
      return { value: parseProtobuf(body), problems: [] };
    default:
      throw unsupportedMediaType();
  }
}

function parseJson(text: string, literals: boolean): unknown {
  try {
    return readJson(text, literals);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new Refusal(`couldn't get version/kind; json parse error: ${error.message}`);
  }
}

function parseYaml(text: string): Parsed {
  try {
    const { value, repeated } = readYaml(text);
    return { value, problems: repeated.length === 0 ? [] : [yamlProblem(repeated)] };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new Refusal(error.message);
  }
}

/** Go clients send the kinds they know in protobuf; from here on it is JSON like any other. */
function parseProtobuf(body: Buffer): unknown {
  if (body.length === 0) throw new Refusal('empty data');
  let object: unknown;
  try {
    object = decodeProtobuf(body);
  } catch (error) {
    throw new Refusal(messageOf(error));
  }
  // A kind that has no protobuf form.
  if (object === undefined) throw unsupportedMediaType();
  return object;
}

const TYPE_META =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/**
 * Reads what came out of a body against the schema of the kind that it should be.
 * @throws Refusal
 */
export function interpret(value: unknown, expected: Kind, custom?: CustomDecode): Decoded {
  const object = fieldsOf(value);
  const said = saidKind(object, expected);
  const same = said.group === expected.group && said.version === expected.version && said.kind === expected.kind;
  const isList = said.group === '' && said.version === 'v1' && said.kind === 'List';
  if (isKnownKind(expected) && !isKnownKind(said) && !isList) throw unregistered(said);
  let decoded: Decoded;
  try {
    decoded = decodeAs(said, object);
  } catch (error) {
    throw error instanceof TypeMismatch ? new Refusal(error.message, said, error.converted) : error;
  }
  if (!same) refuseOther(said, expected);
  if (custom !== undefined) {
    const { object: read, problems } = custom(asKubeObject(decoded));
    decoded = { object: read, problems: [...decoded.problems, ...problems] };
  }
  // What is of no known shape may be nested deeper than recursive code bears.
  if (isTooDeep(decoded.object)) throw new Refusal('exceeded max depth', said);
  const { apiVersion, kind } = { apiVersion: apiVersionOf(expected), kind: expected.kind };
  return { object: { ...decoded.object, apiVersion, kind }, problems: decoded.problems };
}

/** For a kind that nobody knows. */
function unregistered(said: Kind): Refusal {
  const version = JSON.stringify(apiVersionOf(said));
  const message = `no kind ${JSON.stringify(said.kind)} is registered for version ${version} in scheme "pkg/runtime/scheme.go:111"`;
  return new Refusal(message, said);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (jsonType(value) === 'object') return value as Record<string, unknown>;
  throw new Refusal(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(value)} into Go value of type ${TYPE_META}`,
  );
}

/** What an object says that it is, with what it leaves out taken from what it should be. */
function saidKind(object: Record<string, unknown>, expected: Kind): Kind {
  for (const key of ['apiVersion', 'kind']) {
    const value = object[key] ?? '';
    if (typeof value !== 'string') {
      throw new Refusal(
        `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(value)} into Go struct field .${key} of type string`,
      );
    }
  }
  const apiVersion = String(object.apiVersion ?? '');
  const parts = apiVersion.split('/');
  if (parts.length > 2) throw new Refusal(`unexpected GroupVersion string: ${apiVersion}`);
  const kind = String(object.kind ?? '') || expected.kind;
  if (apiVersion === '') return { ...expected, kind };
  const [group = '', version = ''] = parts.length === 2 ? parts : ['', apiVersion];
  return { group, version: version || (group === expected.group ? expected.version : ''), kind };
}

/** An object of another kind than is written here, or of another version of it. */
function refuseOther(said: Kind, expected: Kind): never {
  if (said.kind === expected.kind && said.group === expected.group) {
    throw badRequest(
      `the API version in the data (${apiVersionOf(said)}) does not match the expected API version (${apiVersionOf(expected)})`,
    );
  }
  // Upstream's internal types live in packages named by the group's first word.
  const internal = expected.group === '' ? 'core' : expected.group.split('.')[0];
  throw new Refusal(
    `converting (${said.version}.${said.kind}) to (${internal}.${expected.kind}): unknown conversion`,
    said,
  );
}

function summary(body: Buffer): string {
  if (body.length === 0) return '<empty>';
  const start = body.subarray(0, 30);
  const shown = body[0] === 0x7b ? start.toString() : start.toString('hex');
  return body.length > 30 ? `${shown} ...` : shown;
}

/** Gives an object that the schema has vouched for its type. */
export function asKubeObject({ object }: Decoded): KubeObject {
  const result = object as unknown as KubeObject;
  result.metadata ??= {};
  return result;
}
