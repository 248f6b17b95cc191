import { dns1123LabelProblems, portNameProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { Container, Volume } from '../../strategies/pod-defaults';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../field-error';

import { invalidFor, oneOf, portNumber } from '../values';
import { validateEnv, validateEnvFrom } from './environment';
import { validateVolumeDevices, validateVolumeMounts } from './mounts';
import { validateContainerResources } from './resources';
import { validateSecurityContext } from './security-context';

/** What a container's validation needs to know of its pod. */
export interface ContainerSurroundings {
  /** The pod's volumes that are free of faults, by name. */
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly resourceClaims: ReadonlySet<string>;
  readonly podRestartPolicy: string | undefined;
  readonly hostUsers: boolean;
  /** Seconds. */
  readonly gracePeriod: number | undefined;
}

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
export const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const MESSAGE_POLICIES = ['File', 'FallbackToLogsOnError'];

/** The rules for containers of all three kinds (`validateContainerCommon`). */
export function validateContainer(container: Container, pod: ContainerSurroundings, path: string): FieldError[] {
  const { name, image, resources } = container;
  return [
    ...(name ? invalidFor(`${path}.name`, name, dns1123LabelProblems) : [required(`${path}.name`)]),
    ...(image ? [] : [required(`${path}.image`)]),
    ...oneOf(container.terminationMessagePolicy, MESSAGE_POLICIES, `${path}.terminationMessagePolicy`),
    ...validatePorts(container.ports ?? [], `${path}.ports`),
    ...validateEnv(container.env ?? [], `${path}.env`),
    ...validateEnvFrom(container.envFrom ?? [], `${path}.envFrom`),
    ...validateVolumeMounts(container, pod.volumes, `${path}.volumeMounts`),
    ...validateVolumeDevices(container, pod.volumes, `${path}.volumeDevices`),
    ...oneOf(container.imagePullPolicy, PULL_POLICIES, `${path}.imagePullPolicy`),
    ...(resources === undefined ? [] : validateContainerResources(resources, pod.resourceClaims, `${path}.resources`)),
    ...validateResizePolicy(container.resizePolicy ?? [], pod.podRestartPolicy, `${path}.resizePolicy`),
    ...validateSecurityContext(container.securityContext, pod.hostUsers, `${path}.securityContext`),
  ];
}

function validatePorts(ports: NonNullable<Container['ports']>, path: string): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ name, containerPort, hostPort, protocol }, index) => {
    const at = `${path}[${index}]`;
    const errors: FieldError[] = [];
    if (name) {
      const problems = invalidFor(`${at}.name`, name, portNameProblems);
      errors.push(...problems);
      if (problems.length === 0 && names.has(name)) errors.push(duplicate(`${at}.name`, name));
      if (problems.length === 0) names.add(name);
    }
    if (!containerPort) errors.push(required(`${at}.containerPort`));
    else errors.push(...portNumber(containerPort, `${at}.containerPort`));
    if (hostPort) errors.push(...portNumber(hostPort, `${at}.hostPort`));
    errors.push(...oneOf(protocol, PROTOCOLS, `${at}.protocol`));
    return errors;
  });
}

const RESIZABLE = ['cpu', 'memory'];
const RESIZE_POLICIES = ['NotRequired', 'RestartContainer'];

/** Upstream blames the whole list for all but duplicates (`validateResizePolicy`). */
function validateResizePolicy(
  policies: NonNullable<Container['resizePolicy']>,
  podRestartPolicy: string | undefined,
  path: string,
): FieldError[] {
  const seen = new Set<string>();
  return policies.flatMap(({ resourceName = '', restartPolicy = '' }, index) => {
    const errors: FieldError[] = [];
    if (seen.has(resourceName)) errors.push(duplicate(`${path}[${index}]`, resourceName));
    seen.add(resourceName);
    if (resourceName === '') errors.push(required(path));
    else if (!RESIZABLE.includes(resourceName)) errors.push(notSupported(path, resourceName, RESIZABLE));
    if (restartPolicy === '') errors.push(required(path));
    else if (!RESIZE_POLICIES.includes(restartPolicy)) errors.push(notSupported(path, restartPolicy, RESIZE_POLICIES));
    if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      errors.push(invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    }
    return errors;
  });
}

const RESTART_POLICIES = ['Always', 'Never', 'OnFailure'];
const EXIT_CODE_OPERATORS = ['In', 'NotIn'];
const MOST_RULES = 20;
const MOST_EXIT_CODES = 255;

/** When a container is started again, whatever its pod says (`validateContainerRestartPolicy`). */
export function validateRestartPolicy(container: Container, path: string): FieldError[] {
  const { restartPolicy, restartPolicyRules: rules = [] } = container;
  const at = `${path}.restartPolicyRules`;
  const errors: FieldError[] = [];
  if (restartPolicy === undefined) {
    if (rules.length === 0) return [];
    errors.push(required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'));
  } else errors.push(...oneOf(restartPolicy, RESTART_POLICIES, `${path}.restartPolicy`));
  // `field.TooLong` with a number of items: upstream's text speaks of bytes all the same.
  if (rules.length > MOST_RULES) errors.push(tooLong(at, MOST_RULES));
  for (const [index, { action, exitCodes }] of rules.entries()) {
    if (action !== 'Restart') errors.push(notSupported(`${at}[${index}].action`, action ?? '', ['Restart']));
    if (exitCodes === undefined) errors.push(required(`${at}[${index}].exitCodes`, 'must be specified'));
    else {
      const { operator = '', values = [] } = exitCodes;
      errors.push(...oneOf(operator, EXIT_CODE_OPERATORS, `${at}[${index}].exitCodes.operator`));
      if (values.length > MOST_EXIT_CODES) {
        errors.push(tooLong(`${at}[${index}].exitCodes.values`, MOST_EXIT_CODES));
      }
    }
  }
  return errors;
}

/** Ports of the node that more than one port of these containers claims (`checkHostPortConflicts`). */
export function hostPortConflicts(containers: readonly Container[], path: string): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap(({ ports = [] }, index) =>
    ports.flatMap(({ hostPort, hostIP = '', protocol = '' }, place) => {
      if (!hostPort) return [];
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) return [duplicate(`${path}[${index}].ports[${place}].hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
}

/** Images are held more strictly in pods than in templates (`validateContainerOnlyForPod`). */
export function validateImageOfPod({ image = '' }: Container, path: string): FieldError[] {
  return image === image.trim()
    ? []
    : [invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')];
}

/** Fields that only containers have that run beside others for good. */
export function forbidLongRunningFields(container: Container, path: string): FieldError[] {
  return (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const).flatMap((field) =>
    container[field] === undefined
      ? []
      : [forbidden(`${path}.${field}`, 'may not be set for init containers without restartPolicy=Always')],
  );
}
