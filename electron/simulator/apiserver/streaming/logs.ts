import { once } from 'node:events';
import type { Pod } from '../../../../shared/kubernetes/objects';
import type { Clock } from '../../clock';
import type { KubeletConnector, LogOptions } from '../../kubelet-api';
import type { Exchange } from '../http/exchange';
import { flag, integer } from '../http/list-options';
import { badRequest, invalid } from '../status-errors';
import type { FieldError } from '../validation/field-error';
import { chosenContainer } from './container-choice';
import { kubeletOf } from './kubelet';

/** `pods/NAME/log`: what a container wrote, as far as asked for, and on as it writes when following. */
export async function serveLogs(exchange: Exchange, pod: Pod, kubelets: KubeletConnector, clock: Clock): Promise<void> {
  const { response, query } = exchange;
  const options = logOptions(pod, query);
  // A pod that runs nowhere yet has written nothing.
  if (!pod.spec?.nodeName) return exchange.send(200, 'text/plain', '');
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const chunks = kubeletOf(kubelets, pod).logs(pod, options, gone.signal)[Symbol.asyncIterator]();

  // What cannot be given shows at the first chunk; one that is not there at once is waited for with the answer begun.
  let next = chunks.next();
  await Promise.race([next, clock.turn()]);
  begin(exchange);
  for (let chunk = await next; chunk.done !== true && !gone.signal.aborted; chunk = await next) {
    if (!response.write(chunk.value)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    next = chunks.next();
  }
  response.end();
}

function begin(exchange: Exchange): void {
  exchange.setCommonHeaders();
  exchange.response.setHeader('content-type', 'text/plain');
  exchange.response.writeHead(200);
  exchange.response.flushHeaders();
}

/** @throws StatusError 400 or 422 (pkg/apis/core/validation ValidatePodLogOptions). */
function logOptions(pod: Pod, query: URLSearchParams): LogOptions {
  const tailLines = integer(query, 'tailLines');
  const limitBytes = integer(query, 'limitBytes');
  const sinceSeconds = integer(query, 'sinceSeconds');
  const sinceTime = query.get('sinceTime');
  const errors: FieldError[] = [];
  const below = (field: string, value: number | undefined, least: number, text: string) => {
    if (value !== undefined && value < least) {
      errors.push({ type: 'FieldValueInvalid', field, message: `Invalid value: ${value}: ${text}` });
    }
  };
  below('tailLines', tailLines, 0, 'must be greater than or equal to 0');
  below('limitBytes', limitBytes, 1, 'must be greater than 0');
  below('sinceSeconds', sinceSeconds, 1, 'must be greater than 0');
  if (sinceSeconds !== undefined && sinceTime !== null) {
    errors.push({
      type: 'FieldValueForbidden',
      field: '',
      message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    });
  }
  if (errors.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, pod.metadata.name ?? '', errors);
  const since = sinceTime === null ? undefined : Date.parse(sinceTime);
  if (Number.isNaN(since)) throw badRequest(`parsing time ${JSON.stringify(sinceTime)} as RFC 3339: cannot parse`);
  return {
    container: chosenContainer(pod, query.get('container')),
    follow: flag(query, 'follow') === true,
    previous: flag(query, 'previous') === true,
    timestamps: flag(query, 'timestamps') === true,
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
    ...(since === undefined ? {} : { sinceTime: since }),
  };
}
