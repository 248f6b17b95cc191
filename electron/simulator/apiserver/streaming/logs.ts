import { once } from 'node:events';
import { messageOf } from '../../../../shared/error-message';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { pods } from '../../../../shared/kubernetes/resources';
import type { KubeletApi, KubeletConnector } from '../../kubelet-api';
import type { Api } from '../api';
import type { Exchange } from '../http/exchange';
import { get } from '../registry/read';
import { failure } from '../status-errors';
import { chosenContainer } from './container-choice';
import { type KubeletLocation, kubeletAt } from './kubelet';
import { logOptions, logQuery } from './log-options';

/**
 * `pods/NAME/log`: what a container wrote, as far as asked for, and on as it writes when following
 * (pkg/registry/core/pod/rest/log.go).
 */
export async function serveLogs(api: Api, kubelets: KubeletConnector, exchange: Exchange): Promise<void> {
  const { response, query, info } = exchange;
  const registry = api.registry(pods);
  const asked = logOptions(info.name, query);
  const pod: Pod = get(registry, info.namespace, info.name).object;
  const options = { ...asked, container: chosenContainer(pod, query.get('container')) };
  // A pod that runs nowhere yet has written nothing.
  if (!pod.spec?.nodeName) {
    exchange.setCommonHeaders();
    response.writeHead(204).end();
    return;
  }
  const location = kubeletAt(api, kubelets, info, pod.spec.nodeName);
  const path = `containerLogs/${pod.metadata.namespace}/${pod.metadata.name}/${options.container}`;
  const search = logQuery(asked);
  const kubelet = reached(location, `${path}${search === '' ? '' : `?${search}`}`);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const chunks = kubelet.logs(pod, options, gone.signal)[Symbol.asyncIterator]();

  // What cannot be given shows at the first chunk; one that is not there at once is waited for with the answer begun.
  let next = chunks.next();
  await Promise.race([next, registry.clock.turn()]);
  begin(exchange);
  for (let chunk = await next; chunk.done !== true && !gone.signal.aborted; chunk = await next) {
    if (!response.write(chunk.value)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    next = chunks.next();
  }
  response.end();
}

/** @throws StatusError 500 as net/http puts it. */
function reached({ dial, hostname, port }: KubeletLocation, path: string): KubeletApi {
  try {
    return dial();
  } catch (error) {
    throw failure(500, undefined, `Get "https://${hostname}:${port}/${path}": ${messageOf(error)}`);
  }
}

function begin(exchange: Exchange): void {
  exchange.setCommonHeaders();
  exchange.response.setHeader('content-type', 'text/plain');
  exchange.response.writeHead(200);
  exchange.response.flushHeaders();
}
