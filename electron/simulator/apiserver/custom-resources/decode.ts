import type { JsonSchema } from '../../../../shared/kubernetes/json-schema';
import type { Resource } from '../../../../shared/kubernetes/resources';
import { deepCopy } from '../json';
import type { Decoded } from '../registry/definition';
import { decodeMetadata, TypeMismatch } from '../schema';
import { badRequest } from '../status-errors';
import { applyDefaults } from './schema/default';
import { coerceEmbedded, EmbeddedError } from './schema/embedded';
import { dropNulls, prune } from './schema/prune';

/** A version of a definition, as far as reading its objects goes. */
export interface CustomResourceCodec {
  readonly kind: string;
  readonly version: string;
  readonly schema: JsonSchema | undefined;
  /** `spec.preserveUnknownFields`: nothing is taken out. */
  readonly keepsUnknown: boolean;
}

/**
 * Reads what a client sent as a custom resource: its metadata as all metadata, and without what its schema does not have
 * (apiextensions' apiserver/customresource_handler.go, `schemaCoercingDecoder`).
 * @throws StatusError 400 when metadata is none.
 */
export function decodeCustomResource(codec: CustomResourceCodec, value: unknown): Decoded {
  const { kind, version, schema, keepsUnknown } = codec;
  // A body that is an object.
  const object = deepCopy(value) as Record<string, unknown>;
  const problems: string[] = [];
  try {
    if (object.metadata !== undefined && object.metadata !== null) {
      const { metadata, problems: unknown } = decodeMetadata(object.metadata, 'metadata');
      object.metadata = metadata;
      problems.push(...unknown);
    } else object.metadata = {};
    problems.push(...coerceEmbedded(object, schema).map(asProblem));
  } catch (error) {
    if (!(error instanceof TypeMismatch) && !(error instanceof EmbeddedError)) throw error;
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message}`);
  }
  if (!keepsUnknown) problems.push(...prune(object, schema).map(asProblem));
  return { object, problems };
}

/** @throws StatusError 400 when a body does not say its kind, which only built-in kinds may do without. */
export function checkHasKind({ kind }: Pick<Resource, 'kind'>, object: { readonly kind?: unknown }): void {
  if (object.kind) return;
  const text = JSON.stringify(object);
  throw badRequest(
    `the object provided is unrecognized (must be of type ${kind}): Object 'Kind' is missing in '${text}' (${text.slice(0, 30)} ...)`,
  );
}

const asProblem = (path: string) => `unknown field "${path}"`;

/** Fills in a schema's defaults; the object is changed. */
export function complete(object: Record<string, unknown>, schema: JsonSchema | undefined): void {
  dropNulls(object, schema);
  applyDefaults(object, schema);
}
