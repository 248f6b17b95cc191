import type { ListQuery } from '../registry/read';
import type { Registry } from '../registry/registry';
import { Selection } from '../registry/selection';
import { badRequest, invalid } from '../status-errors';
import type { FieldError } from '../validation/field-error';

/** `meta/v1.ListOptions` of a request, checked as upstream does (internalversion/validation). */
export interface ListOptions extends ListQuery {
  readonly sendInitialEvents: boolean | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly timeoutSeconds: number | undefined;
}

/** @throws StatusError 400 or 422. */
export function listOptions(
  registry: Registry,
  query: URLSearchParams,
  namespace: string,
  name: string,
  watching: boolean,
): ListOptions {
  const text = (key: string) => query.get(key) ?? '';
  const resourceVersion = text('resourceVersion');
  let match = text('resourceVersionMatch');
  const continueToken = text('continue');
  let sendInitialEvents = flag(query, 'sendInitialEvents');
  // A watch from no version or from any begins with the present state (internalversion SetListOptionsDefaults).
  if (watching && sendInitialEvents === undefined && match === '' && (resourceVersion || '0') === '0') {
    sendInitialEvents = true;
    match = 'NotOlderThan';
  }
  const errors = check(resourceVersion, match, continueToken, sendInitialEvents, watching);
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
  if (!watching && continueToken !== '' && resourceVersion !== '' && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  // A watch of one object by its path is a watch by its name.
  const fieldSelector = text('fieldSelector') || (name === '' ? '' : `metadata.name=${name}`);
  const selection = new Selection(registry.definition, text('labelSelector'), fieldSelector);
  if (name !== '' && selection.name !== name) {
    throw badRequest("fieldSelector metadata.name doesn't match requested name");
  }
  return {
    namespace: namespace === '' ? undefined : namespace,
    selection,
    limit: integer(query, 'limit') ?? 0,
    continueToken,
    resourceVersion,
    resourceVersionMatch: match,
    sendInitialEvents,
    allowWatchBookmarks: flag(query, 'allowWatchBookmarks') === true,
    timeoutSeconds: integer(query, 'timeoutSeconds'),
  };
}

function check(
  resourceVersion: string,
  match: string,
  continueToken: string,
  sendInitialEvents: boolean | undefined,
  watching: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const forbid = (field: string, why: string) =>
    errors.push({ type: 'FieldValueForbidden', field, message: `Forbidden: ${why}` });
  const matchField = 'resourceVersionMatch';
  if (watching) {
    if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
      forbid(matchField, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    }
    if (match === '') return errors;
    if (sendInitialEvents === undefined) {
      forbid(matchField, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
    }
    if (match !== 'NotOlderThan') errors.push(notSupported(matchField, match, ['NotOlderThan']));
    if (continueToken !== '') forbid(matchField, 'resourceVersionMatch is forbidden when continue is provided');
    return errors;
  }
  if (match !== '') {
    if (resourceVersion === '') {
      forbid(matchField, 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    }
    if (continueToken !== '') forbid(matchField, 'resourceVersionMatch is forbidden when continue is provided');
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.push(notSupported(matchField, match, ['Exact', 'NotOlderThan', '']));
    }
    if (match === 'Exact' && resourceVersion === '0') {
      forbid(matchField, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (sendInitialEvents !== undefined) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  return errors;
}

function notSupported(field: string, value: string, values: readonly string[]): FieldError {
  const supported = values.map((each) => JSON.stringify(each)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
  return { type: 'FieldValueNotSupported', field, message };
}

/** A boolean parameter as Go's conversion reads it: present and neither `false` nor `0` is true. */
export function flag(query: URLSearchParams, key: string): boolean | undefined {
  const value = query.get(key);
  return value === null ? undefined : !['false', '0'].includes(value.toLowerCase());
}

/** @throws StatusError 400 when the parameter is no whole number of 64 bits. */
export function integer(query: URLSearchParams, key: string): number | undefined {
  const value = query.get(key);
  if (value === null) return undefined;
  const isNumber = /^[+-]?\d+$/.test(value);
  if (isNumber && BigInt.asIntN(64, BigInt(value)) === BigInt(value)) return Number(value);
  const why = isNumber ? 'value out of range' : 'invalid syntax';
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: ${why}`);
}
