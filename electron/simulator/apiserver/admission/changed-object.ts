import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { interpret } from '../http/object-body';
import type { ResourceDefinition } from '../registry/definition';
import { kindOf } from './attributes';
import { backConverter, converter, definitionOf } from './matching/equivalents';
import type { Match } from './matching/resources';
import type { AdmissionRequest, ServedApi } from './plugin';

/** The object of a request as a webhook or a policy is shown it. */
export function shownObject(api: ServedApi, request: AdmissionRequest, { resource }: Match): KubeObject | undefined {
  return request.object && converter(api, request, resource)(request.object);
}

/** What a request's object is as it is shown; `undefined` for what is posted to a subresource. */
export function shownDefinition(api: ServedApi, match: Match): ResourceDefinition | undefined {
  const definition = definitionOf(api, match.resource);
  return definition?.resource.kind === match.kind.kind ? definition : undefined;
}

/**
 * Takes back what has been made of an object that was shown, with its defaults.
 * @returns also what strict decoding has against it.
 * @throws Refusal, or StatusError, when it is none of its kind.
 */
export function takenBack(
  api: ServedApi,
  request: AdmissionRequest,
  match: Match,
  changed: Record<string, unknown>,
): { readonly object: KubeObject; readonly problems: readonly string[] } {
  const definition = shownDefinition(api, match);
  // What it says that it is counts, as far as it says so.
  const { apiVersion, kind } = changed;
  const said = kindOf({ ...request, object: changed as unknown as KubeObject });
  const expected = { ...(apiVersion ? said : match.kind), kind: kind ? said.kind : match.kind.kind };
  const decoded = interpret(changed, expected, definition?.decode);
  const object = decoded.object as unknown as KubeObject;
  object.metadata ??= {};
  delete object.metadata.managedFields;
  if (definition === undefined) return { object, problems: decoded.problems };
  definition.strategy.applyDefaults?.(object);
  return { object: backConverter(api, request, match.resource)(object), problems: decoded.problems };
}
