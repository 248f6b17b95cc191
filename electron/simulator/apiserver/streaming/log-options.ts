import { messageOf } from '../../../../shared/error-message';
import type { LogOptions } from '../../kubelet-api';
import { flag, integer } from '../http/list-options';
import { readTime } from '../schema/time';
import { badRequest, invalid } from '../status-errors';
import { type FieldError, forbidden, invalid as invalidValue } from '../validation/field-error';

/** What is asked for of a log, before it is known whose. */
export type AskedLogOptions = Omit<LogOptions, 'container'>;

/**
 * The options of a request for logs (`core/v1.PodLogOptions`, pkg/apis/core/validation ValidatePodLogOptions).
 * @param pod the name of whose log it is, which errors bear.
 * @throws StatusError 400 or 422.
 */
export function logOptions(pod: string, query: URLSearchParams): AskedLogOptions {
  // In the order of the fields: the first that cannot be read is the one that is told of.
  const sinceSeconds = integer(query, 'sinceSeconds');
  const sinceTime = momentIn(query, 'sinceTime');
  const tailLines = integer(query, 'tailLines');
  const limitBytes = integer(query, 'limitBytes');
  const errors: FieldError[] = [];
  const atLeast = (field: string, value: number | undefined, least: number, why: string) => {
    if (value !== undefined && value < least) errors.push(invalidValue(field, value, why));
  };
  atLeast('tailLines', tailLines, 0, 'must be greater than or equal to 0');
  atLeast('limitBytes', limitBytes, 1, 'must be greater than 0');
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    errors.push(forbidden('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  } else atLeast('sinceSeconds', sinceSeconds, 1, 'must be greater than 0');
  // Behind the feature gate PodLogsQuerySplitStreams, which is off.
  if (query.has('stream')) errors.push(forbidden('stream', 'may not be specified'));
  if (errors.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, pod, errors);
  return {
    follow: flag(query, 'follow') === true,
    previous: flag(query, 'previous') === true,
    timestamps: flag(query, 'timestamps') === true,
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
    ...(sinceTime === undefined ? {} : { sinceTime }),
  };
}

/** A parameter as metav1.Time's conversion reads it: in one that says nothing all time lies. @throws StatusError 400. */
function momentIn(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key);
  if (text === null) return undefined;
  if (text === '' || text === 'null') return 0;
  let moment: string | undefined;
  try {
    moment = readTime(text, false);
  } catch (error) {
    throw badRequest(messageOf(error));
  }
  return moment === undefined ? 0 : Date.parse(moment);
}

/** The same as the kubelet is asked for them (`LogLocation`): by name, as Go's `url.Values` are written. */
export function logQuery(options: AskedLogOptions): string {
  const { follow, previous, timestamps, sinceSeconds, sinceTime, tailLines, limitBytes } = options;
  const time = sinceTime === undefined ? undefined : `${new Date(sinceTime).toISOString().slice(0, 19)}Z`;
  const asked = { follow, limitBytes, previous, sinceSeconds, sinceTime: time, tailLines, timestamps };
  return Object.entries(asked)
    .flatMap(([name, value]) =>
      value === undefined || value === false ? [] : [`${name}=${encodeURIComponent(String(value))}`],
    )
    .join('&');
}
