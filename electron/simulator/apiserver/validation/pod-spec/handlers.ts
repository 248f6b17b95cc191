import { httpHeaderNameProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { Container, Probe } from '../../strategies/pod-defaults';
import { type FieldError, forbidden, invalid, required } from '../field-error';
import { invalidFor, nonNegative, oneOf, portNumber, portOrName } from '../values';

type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & { sleep?: { seconds?: number } };
type HttpGet = NonNullable<Handler['httpGet']>;
type Lifecycle = NonNullable<Container['lifecycle']>;

const SCHEMES = ['HTTP', 'HTTPS'];

/** The three probes of a container (`validateLivenessProbe` and its kin). */
export function validateProbes(container: Container, gracePeriod: number | undefined, path: string): FieldError[] {
  return (['livenessProbe', 'readinessProbe', 'startupProbe'] as const).flatMap((field) => {
    const probe = container[field];
    return probe === undefined ? [] : validateProbe(probe, field, gracePeriod, `${path}.${field}`);
  });
}

function validateProbe(
  probe: Probe,
  kind: 'livenessProbe' | 'readinessProbe' | 'startupProbe',
  gracePeriod: number | undefined,
  path: string,
): FieldError[] {
  const { successThreshold, terminationGracePeriodSeconds: period } = probe;
  const errors = validateHandler(probe, gracePeriod, path);
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const) {
    errors.push(...nonNegative(probe[field], `${path}.${field}`));
  }
  const periodAt = `${path}.terminationGracePeriodSeconds`;
  if (period !== undefined && period <= 0) errors.push(invalid(periodAt, period, 'must be greater than 0'));
  if (kind === 'readinessProbe') {
    if (period !== undefined) errors.push(invalid(periodAt, period, 'must not be set for readinessProbes'));
  } else if (successThreshold !== undefined && successThreshold !== 1) {
    errors.push(invalid(`${path}.successThreshold`, successThreshold, 'must be 1'));
  }
  return errors;
}

/** What a container does after it starts and before it stops (`validateLifecycle`). */
export function validateLifecycle(lifecycle: Lifecycle, gracePeriod: number | undefined, path: string): FieldError[] {
  const { postStart, preStop } = lifecycle;
  return [
    ...(postStart === undefined ? [] : validateHandler(postStart, gracePeriod, `${path}.postStart`)),
    ...(preStop === undefined ? [] : validateHandler(preStop, gracePeriod, `${path}.preStop`)),
  ];
}

function validateHandler(handler: Handler, gracePeriod: number | undefined, path: string): FieldError[] {
  const given = (['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const).filter(
    (kind) => handler[kind] !== undefined,
  );
  if (given.length === 0) return [required(path, 'must specify a handler type')];
  const [first, ...others] = given;
  // Only the first is read any further.
  return [
    ...(first === 'exec' && (handler.exec?.command ?? []).length === 0 ? [required(`${path}.exec.command`)] : []),
    ...(first === 'httpGet' && handler.httpGet !== undefined
      ? validateHttpGet(handler.httpGet, `${path}.httpGet`)
      : []),
    ...(first === 'tcpSocket' ? portOrName(handler.tcpSocket?.port, `${path}.tcpSocket.port`) : []),
    ...(first === 'grpc' ? portNumber(handler.grpc?.port ?? 0, `${path}.grpc.port`) : []),
    ...(first === 'sleep' ? validateSleep(handler.sleep?.seconds ?? 0, gracePeriod, `${path}.sleep`) : []),
    ...others.map((kind) => forbidden(`${path}.${kind}`, 'may not specify more than 1 handler type')),
  ];
}

function validateHttpGet(get: HttpGet, path: string): FieldError[] {
  return [
    ...(get.path ? [] : [required(`${path}.path`)]),
    ...portOrName(get.port, `${path}.port`),
    ...oneOf(get.scheme, SCHEMES, `${path}.scheme`),
    ...(get.httpHeaders ?? []).flatMap(({ name = '' }) =>
      invalidFor(`${path}.httpHeaders`, name, httpHeaderNameProblems),
    ),
  ];
}

/** @param gracePeriod absent where the pod's is faulty itself, which is reported elsewhere. */
function validateSleep(seconds: number, gracePeriod: number | undefined, path: string): FieldError[] {
  if (gracePeriod === undefined || (seconds >= 0 && seconds <= gracePeriod)) return [];
  return [invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`)];
}
