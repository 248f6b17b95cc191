import { messageOf } from '../../../../shared/error-message';
import { parseGoDuration } from '../../../../shared/kubernetes/cron';
import { badRequest } from '../status-errors';
import { isLongRunning, type RequestInfo } from './request-info';

/**
 * The `timeout` that a request may ask for: all requests here are answered within any, but what is none is refused before
 * anything else is looked at (apiserver/pkg/endpoints/filters/request_deadline.go).
 * @throws StatusError 400.
 */
export function checkDeadline(info: RequestInfo, query: URLSearchParams): void {
  const timeout = query.get('timeout') ?? '';
  if (timeout === '' || isLongRunning(info)) return;
  try {
    parseGoDuration(timeout);
  } catch (error) {
    throw badRequest(`invalid timeout specified in the request URL - ${messageOf(error)}`);
  }
}
