import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import { StatusError } from '../../../../../shared/kubernetes/status-error';
import { interpret, Refusal } from '../../http/object-body';
import { isRecord } from '../../json';
import { InapplicablePatch, jsonPatched } from '../../patch/json-patch';
import { kindOf } from '../attributes';
import { backConverter, converter, definitionOf } from '../matching/equivalents';
import type { Match } from '../matching/resources';
import type { AdmissionRequest, ServedApi } from '../plugin';

/** What a patch makes of an object is none of its kind, or it cannot be applied. */
export class UndecodablePatch extends Error {}

/**
 * The object of a request with a webhook's patch applied, as the webhook was shown it, with its defaults.
 * @throws UndecodablePatch
 */
export function patchedObject(
  api: ServedApi,
  request: AdmissionRequest,
  match: Match,
  operations: readonly unknown[],
): KubeObject {
  const { object } = request;
  const definition = definitionOf(api, match.resource);
  const shown = object === undefined ? {} : converter(api, request, match.resource)(object);
  const isWhole = definition !== undefined && definition.resource.kind === match.kind.kind;
  let patched: KubeObject;
  try {
    const result = jsonPatched(shown, operations);
    if (!isRecord(result)) throw new UndecodablePatch('the patch leaves no object');
    const decoded = interpret(
      result,
      kindOf({ ...request, object: result as unknown as KubeObject }),
      isWhole ? definition.decode : undefined,
    );
    patched = decoded.object as unknown as KubeObject;
  } catch (error) {
    if (error instanceof InapplicablePatch || error instanceof StatusError || error instanceof Refusal)
      throw new UndecodablePatch(error.message);
    throw error;
  }
  patched.metadata ??= {};
  delete patched.metadata.managedFields;
  if (!isWhole) return patched;
  definition.strategy.applyDefaults?.(patched);
  return backConverter(api, request, match.resource)(patched);
}
