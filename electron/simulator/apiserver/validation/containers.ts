import { dns1123LabelProblems, envVarNameProblems, portNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Container, PodSpec, Probe } from '../strategies/pod-defaults';
import { duplicate, type FieldError, forbidden, invalid, notFound, notSupported, required } from './field-error';
import { validateRequirements } from './resources';
import { inRange, nonNegative, oneOf, portNumber, positive } from './values';

type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & { sleep?: { seconds: number } };
type EnvVar = NonNullable<Container['env']>[number];

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const RESTART_POLICIES = ['Always', 'Never', 'OnFailure'];
const SCHEMES = ['HTTP', 'HTTPS'];

/** All of a pod's containers, of all three kinds (`validateContainers` and its kin). */
export function validateContainers(spec: PodSpec, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const volumes = new Set((spec.volumes ?? []).map((volume) => volume.name));
  const containers = spec.containers ?? [];
  if (containers.length === 0) errors.push(required(`${path}.containers`));
  const lists = [
    [containers, 'containers'],
    [spec.initContainers ?? [], 'initContainers'],
    [spec.ephemeralContainers ?? [], 'ephemeralContainers'],
  ] as const;
  for (const [list, field] of lists) {
    for (const [index, container] of list.entries()) {
      const at = `${path}.${field}[${index}]`;
      errors.push(...validateName(container.name, names, `${at}.name`));
      errors.push(...validateContainer(container, volumes, at));
      if (field === 'initContainers') errors.push(...validateInitContainer(container, at));
    }
  }
  errors.push(...hostPortConflicts(containers, `${path}.containers`));
  return errors;
}

function validateName(name: string | undefined, names: Set<string>, path: string): FieldError[] {
  if (!name) return [required(path)];
  const errors = dns1123LabelProblems(name).map((problem) => invalid(path, name, problem));
  if (names.has(name)) errors.push(duplicate(path, name));
  names.add(name);
  return errors;
}

function validateContainer(container: Container, volumes: ReadonlySet<string>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!container.image) errors.push(required(`${path}.image`));
  else if (container.image !== container.image.trim()) {
    errors.push(invalid(`${path}.image`, container.image, 'must not have leading or trailing whitespace'));
  }
  errors.push(
    ...oneOf(container.terminationMessagePolicy, ['File', 'FallbackToLogsOnError'], `${path}.terminationMessagePolicy`),
  );
  errors.push(...validatePorts(container, `${path}.ports`));
  for (const [index, variable] of (container.env ?? []).entries()) {
    errors.push(...validateEnv(variable, `${path}.env[${index}]`));
  }
  for (const [index, source] of (container.envFrom ?? []).entries()) {
    const given = [source.configMapRef, source.secretRef].filter((reference) => reference !== undefined);
    const at = `${path}.envFrom[${index}]`;
    if (given.length === 0) errors.push(invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`'));
    if (given.length > 1) errors.push(invalid(at, '', 'may not have more than one field specified at a time'));
    for (const reference of given) {
      if (!reference?.name) {
        errors.push(required(`${at}.${source.configMapRef === undefined ? 'secretRef' : 'configMapRef'}.name`));
      }
    }
  }
  errors.push(...validateMounts(container, volumes, `${path}.volumeMounts`));
  errors.push(...oneOf(container.imagePullPolicy, PULL_POLICIES, `${path}.imagePullPolicy`));
  errors.push(...oneOf(container.restartPolicy, RESTART_POLICIES, `${path}.restartPolicy`));
  errors.push(...validateRequirements(container.resources, `${path}.resources`));
  errors.push(...validateSecurityContext(container, `${path}.securityContext`));
  for (const [probe, field] of [
    [container.livenessProbe, 'livenessProbe'],
    [container.readinessProbe, 'readinessProbe'],
    [container.startupProbe, 'startupProbe'],
  ] as const) {
    if (probe !== undefined) errors.push(...validateProbe(probe, field, `${path}.${field}`));
  }
  const { postStart, preStop } = container.lifecycle ?? {};
  if (postStart !== undefined) errors.push(...validateHandler(postStart, `${path}.lifecycle.postStart`));
  if (preStop !== undefined) errors.push(...validateHandler(preStop, `${path}.lifecycle.preStop`));
  return errors;
}

function validateInitContainer(container: Container, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (container.restartPolicy === 'Always') return errors;
  const sidecarsOnly = 'may not be set for init containers without restartPolicy=Always';
  for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[field] !== undefined) errors.push(forbidden(`${path}.${field}`, sidecarsOnly));
  }
  return errors;
}

function validatePorts(container: Container, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, port] of (container.ports ?? []).entries()) {
    const at = `${path}[${index}]`;
    if (port.name) {
      errors.push(...portNameProblems(port.name).map((problem) => invalid(`${at}.name`, port.name, problem)));
      if (names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name));
      names.add(port.name);
    }
    if (!port.containerPort) errors.push(required(`${at}.containerPort`));
    else errors.push(...portNumber(port.containerPort, `${at}.containerPort`));
    if (port.hostPort) errors.push(...portNumber(port.hostPort, `${at}.hostPort`));
    errors.push(...oneOf(port.protocol, PROTOCOLS, `${at}.protocol`));
  }
  return errors;
}

function hostPortConflicts(containers: readonly Container[], path: string): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap(({ hostPort, hostIP = '', protocol = 'TCP' }, place) => {
      if (!hostPort) return [];
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) return [duplicate(`${path}[${index}].ports[${place}].hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
}

const FIELD_PATHS =
  /^(metadata\.(name|namespace|uid|labels|annotations)|metadata\.(labels|annotations)\['[^']+'\]|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;
const CONTAINER_RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const RESOURCE_FIELDS = /^((limits|requests)\.(cpu|memory|ephemeral-storage)|(limits|requests)\.hugepages-.+)$/;

function validateEnv(variable: EnvVar, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!variable.name) errors.push(required(`${path}.name`));
  else
    errors.push(...envVarNameProblems(variable.name).map((problem) => invalid(`${path}.name`, variable.name, problem)));
  const source = variable.valueFrom;
  if (source === undefined) return errors;
  const at = `${path}.valueFrom`;
  const given = Object.values(source).filter((value) => value !== undefined).length;
  if (given === 0) {
    errors.push(
      invalid(
        at,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    );
  } else if (variable.value) {
    errors.push(invalid(at, '', 'may not be specified when `value` is not empty'));
  } else if (given > 1) errors.push(invalid(at, '', 'may not have more than one field specified at a time'));
  const fieldPath = source.fieldRef?.fieldPath;
  if (source.fieldRef !== undefined) {
    if (!fieldPath) errors.push(required(`${at}.fieldRef.fieldPath`));
    else if (!FIELD_PATHS.test(fieldPath)) {
      errors.push(
        invalid(
          `${at}.fieldRef.fieldPath`,
          fieldPath,
          `error converting fieldPath: field label not supported: ${fieldPath}`,
        ),
      );
    }
  }
  const resource = source.resourceFieldRef?.resource;
  if (source.resourceFieldRef !== undefined) {
    if (!resource) errors.push(required(`${at}.resourceFieldRef.resource`));
    else if (!RESOURCE_FIELDS.test(resource)) {
      errors.push(notSupported(`${at}.resourceFieldRef.resource`, resource, CONTAINER_RESOURCES));
    }
  }
  for (const field of ['configMapKeyRef', 'secretKeyRef'] as const) {
    const reference = source[field];
    if (reference === undefined) continue;
    if (!reference.name) errors.push(required(`${at}.${field}.name`));
    if (!reference.key) errors.push(required(`${at}.${field}.key`));
  }
  return errors;
}

function validateMounts(container: Container, volumes: ReadonlySet<string>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const paths = new Set<string>();
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const at = `${path}[${index}]`;
    if (!mount.name) errors.push(required(`${at}.name`));
    else if (!volumes.has(mount.name)) {
      errors.push(notFound(`${at}.name`, mount.name));
    }
    if (!mount.mountPath) errors.push(required(`${at}.mountPath`));
    else if (paths.has(mount.mountPath)) errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must be unique'));
    paths.add(mount.mountPath);
    if (mount.subPath?.startsWith('/')) {
      errors.push(invalid(`${at}.subPath`, mount.subPath, 'must be a relative path'));
    }
    if (mount.subPath?.split('/').includes('..')) {
      errors.push(invalid(`${at}.subPath`, mount.subPath, "must not contain '..'"));
    }
  }
  return errors;
}

function validateSecurityContext(container: Container, path: string): FieldError[] {
  const context = container.securityContext;
  if (context === undefined) return [];
  const errors: FieldError[] = [];
  for (const field of ['runAsUser', 'runAsGroup'] as const) {
    const id = context[field];
    if (id !== undefined) errors.push(...inRange(id, 0, 2 ** 32 - 1, `${path}.${field}`));
  }
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged === true) {
      errors.push(invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
    }
    if (context.capabilities?.add?.some((capability) => capability === 'CAP_SYS_ADMIN')) {
      errors.push(
        invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'),
      );
    }
  }
  return errors;
}

function validateProbe(probe: Probe, kind: string, path: string): FieldError[] {
  const errors = validateHandler(probe, path);
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const) {
    errors.push(...nonNegative(probe[field], `${path}.${field}`));
  }
  errors.push(...positive(probe.terminationGracePeriodSeconds, `${path}.terminationGracePeriodSeconds`));
  if (kind !== 'readinessProbe' && probe.successThreshold !== undefined && probe.successThreshold !== 1) {
    errors.push(invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1'));
  }
  if (kind === 'readinessProbe' && probe.terminationGracePeriodSeconds !== undefined) {
    errors.push(
      invalid(
        `${path}.terminationGracePeriodSeconds`,
        probe.terminationGracePeriodSeconds,
        'must not be set for readinessProbes',
      ),
    );
  }
  return errors;
}

function validateHandler(handler: Handler, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const kinds = (['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const).filter(
    (kind) => handler[kind] !== undefined,
  );
  if (kinds.length === 0) return [required(path, 'must specify a handler type')];
  for (const kind of kinds.slice(1)) {
    errors.push(forbidden(`${path}.${kind}`, 'may not specify more than 1 handler type'));
  }
  if (handler.exec !== undefined && (handler.exec.command ?? []).length === 0) {
    errors.push(required(`${path}.exec.command`));
  }
  if (handler.httpGet !== undefined) {
    if (!handler.httpGet.path) errors.push(required(`${path}.httpGet.path`));
    errors.push(...portOrName(handler.httpGet.port, `${path}.httpGet.port`));
    errors.push(...oneOf(handler.httpGet.scheme, SCHEMES, `${path}.httpGet.scheme`));
  }
  if (handler.tcpSocket !== undefined) errors.push(...portOrName(handler.tcpSocket.port, `${path}.tcpSocket.port`));
  if (handler.grpc !== undefined) errors.push(...portNumber(handler.grpc.port, `${path}.grpc.port`));
  return errors;
}

/** A port by number, or by the name that a container gives it. */
export function portOrName(port: number | string | undefined, path: string): FieldError[] {
  if (typeof port === 'string') return portNameProblems(port).map((problem) => invalid(path, port, problem));
  return portNumber(port ?? 0, path);
}
