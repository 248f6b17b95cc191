import { isRecord } from '../json';

/**
 * Writes an OpenAPI v2 document in the protobuf form that Go clients ask for (github.com/google/gnostic-models,
 * openapiv2/OpenAPIv2.proto). Only what the API's own documents hold is written.
 */

/** What clients ask for. */
export const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
/** What they are answered with: upstream's answer has a dot where the question has an at sign. */
export const OPENAPI_V2_ANSWER = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

type Json = Readonly<Record<string, unknown>>;

export function encodeOpenApiV2(document: Json): Uint8Array {
  const about = fields(document.info);
  return message(
    text(1, document.swagger),
    nested(2, text(1, about.title), text(2, about.version)),
    nested(8, ...named(2, document.paths, pathItem)),
    nested(9, ...named(1, document.definitions, schema)),
    nested(10, ...named(1, document.parameters, parameter)),
    ...list(document.security).map((requirement) => nested(12, ...named(1, requirement, () => NOTHING))),
    nested(13, ...named(1, document.securityDefinitions, apiKey)),
  );
}

const METHODS: Readonly<Record<string, number>> = {
  get: 2,
  put: 3,
  post: 4,
  delete: 5,
  options: 6,
  head: 7,
  patch: 8,
};

/** SecurityDefinitionsItem of an ApiKeySecurity. */
function apiKey({ type, name, in: where, description }: Json): Buffer {
  return nested(2, text(1, type), text(2, name), text(3, where), text(4, description));
}

function pathItem(item: Json): Buffer {
  const operations = Object.entries(METHODS).flatMap(([method, field]) =>
    isRecord(item[method]) ? [nested(field, operation(item[method]))] : [],
  );
  return message(...operations, ...parameters(9, item.parameters));
}

function operation(value: Json): Buffer {
  return message(
    ...list(value.tags).map((tag) => text(1, tag)),
    text(3, value.description),
    text(5, value.operationId),
    ...list(value.produces).map((type) => text(6, type)),
    ...list(value.consumes).map((type) => text(7, type)),
    ...parameters(8, value.parameters),
    nested(9, ...named(1, value.responses, response)),
    ...list(value.schemes).map((scheme) => text(10, scheme)),
    ...extensions(13, value),
  );
}

/** ResponseValue of a Response. */
function response(value: Json): Buffer {
  const body = isRecord(value.schema) ? [nested(2, nested(1, schema(value.schema)))] : [];
  return nested(1, text(1, value.description), ...body);
}

/** ParametersItem of a Parameter, or of a JsonReference to one. */
function parameters(field: number, value: unknown): Buffer[] {
  return list(value).map((item) => {
    const { $ref } = fields(item);
    return nested(field, $ref === undefined ? nested(1, parameter(fields(item))) : nested(2, text(1, $ref)));
  });
}

function parameter({ name, in: where, description, required, schema: body, type, uniqueItems }: Json): Buffer {
  if (where === 'body') {
    return nested(
      1,
      text(1, description),
      text(2, name),
      text(3, where),
      flag(4, required),
      nested(5, schema(fields(body))),
    );
  }
  const common = [flag(1, required), text(2, where), text(3, description), text(4, name)];
  const own =
    where === 'path'
      ? nested(4, ...common, text(5, type), flag(19, uniqueItems))
      : nested(3, ...common, text(6, type), flag(20, uniqueItems));
  return nested(2, own);
}

function schema(value: Json): Buffer {
  const { additionalProperties, items, properties, type, externalDocs } = value;
  return message(
    text(1, value.$ref),
    text(2, value.format),
    text(3, value.title),
    text(4, value.description),
    ...(value.default === undefined ? [] : [nested(5, anything(value.default))]),
    double(6, value.multipleOf),
    double(7, value.maximum),
    flag(8, value.exclusiveMaximum),
    double(9, value.minimum),
    flag(10, value.exclusiveMinimum),
    whole(11, value.maxLength),
    whole(12, value.minLength),
    text(13, value.pattern),
    whole(14, value.maxItems),
    whole(15, value.minItems),
    flag(16, value.uniqueItems),
    whole(17, value.maxProperties),
    whole(18, value.minProperties),
    ...list(value.required).map((name) => text(19, name)),
    ...list(value.enum).map((item) => nested(20, anything(item))),
    ...(isRecord(additionalProperties) ? [nested(21, nested(1, schema(additionalProperties)))] : []),
    ...(additionalProperties === true ? [nested(21, flag(2, true))] : []),
    ...(type === undefined ? [] : [nested(22, text(1, type))]),
    ...(isRecord(items) ? [nested(23, nested(1, schema(items)))] : []),
    ...(isRecord(properties) ? [nested(25, ...named(1, properties, schema))] : []),
    ...(isRecord(externalDocs) ? [nested(29, text(1, externalDocs.description), text(2, externalDocs.url))] : []),
    ...(value.example === undefined ? [] : [nested(30, anything(value.example))]),
    ...extensions(31, value),
  );
}

function extensions(field: number, value: Json): Buffer[] {
  return Object.entries(value)
    .filter(([key]) => key.startsWith('x-'))
    .map(([key, extension]) => nested(field, text(1, key), nested(2, anything(extension))));
}

/** An Any holds YAML, which JSON is. */
function anything(value: unknown): Buffer {
  return text(2, `${JSON.stringify(value)}\n`);
}

function named(field: number, value: unknown, encode: (value: Json) => Buffer): Buffer[] {
  return Object.entries(fields(value)).map(([name, item]) =>
    nested(field, text(1, name), nested(2, encode(fields(item)))),
  );
}

const EMPTY: Json = {};

function fields(value: unknown): Json {
  return isRecord(value) ? value : EMPTY;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const NOTHING = Buffer.alloc(0);

/** Wire type 2: what has a length. */
function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function text(field: number, value: unknown): Buffer {
  return typeof value === 'string' && value !== '' ? bytes(field, Buffer.from(value)) : NOTHING;
}

function flag(field: number, value: unknown): Buffer {
  return value === true ? Buffer.concat([varint(field << 3), varint(1)]) : NOTHING;
}

/** Wire type 1. */
function double(field: number, value: unknown): Buffer {
  if (typeof value !== 'number' || value === 0) return NOTHING;
  const content = Buffer.alloc(8);
  content.writeDoubleLE(value);
  return Buffer.concat([varint((field << 3) | 1), content]);
}

function whole(field: number, value: unknown): Buffer {
  return typeof value === 'number' && value !== 0 ? Buffer.concat([varint(field << 3), varint(value)]) : NOTHING;
}

function message(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts);
}

function nested(field: number, ...parts: readonly Buffer[]): Buffer {
  return bytes(field, message(...parts));
}

function varint(value: number): Buffer {
  const result: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) result.push((left % 128) | 128);
  result.push(left);
  return Buffer.from(result);
}
