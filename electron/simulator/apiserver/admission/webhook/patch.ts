import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import { StatusError } from '../../../../../shared/kubernetes/status-error';
import { Refusal } from '../../http/object-body';
import { isRecord } from '../../json';
import { InapplicablePatch, jsonPatched } from '../../patch/json-patch';
import { shownObject, takenBack } from '../changed-object';
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
  try {
    const result = jsonPatched(shownObject(api, request, match) ?? {}, operations);
    if (!isRecord(result)) throw new UndecodablePatch('the patch leaves no object');
    return takenBack(api, request, match, result).object;
  } catch (error) {
    if (error instanceof InapplicablePatch || error instanceof StatusError || error instanceof Refusal)
      throw new UndecodablePatch(error.message);
    throw error;
  }
}
