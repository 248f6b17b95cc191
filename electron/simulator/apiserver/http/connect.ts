import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Registry } from '../registry/registry';
import { admissionRequest } from '../registry/write';
import { badRequest } from '../status-errors';
import type { Exchange } from './exchange';

/**
 * A connection cannot be tried without being made.
 * @throws StatusError 400.
 */
export function refuseDryRun({ query }: Exchange): void {
  if (query.has('dryRun')) throw badRequest('dryRun is not supported');
}

/**
 * Asks admission whether a connection may be made: to run a command, to forward ports, to pass requests on
 * (k8s.io/apiserver/pkg/endpoints/handlers/rest.go, `ConnectResource`).
 * @param options what was asked for, as an object of its own kind: `PodExecOptions`.
 * @throws StatusError
 */
export async function admitConnection(
  { admission }: Registry,
  exchange: Exchange,
  options: { readonly kind: string; readonly [name: string]: unknown },
): Promise<void> {
  const { info, user, trace } = exchange;
  const object: KubeObject = { ...options, apiVersion: 'v1', metadata: {} };
  const gate = admissionRequest(
    {
      attributes: { ...info, user },
      dryRun: false,
      manager: undefined,
      warn: (message) => exchange.warn(message),
      annotate: (key, value) => trace?.annotate(key, value),
      trace,
    },
    'CONNECT',
    object,
    undefined,
  );
  await admission.admit(gate);
  await admission.validate(gate);
}
