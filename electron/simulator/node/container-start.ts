import { createHash } from 'node:crypto';
import { timestamp } from '../clock';
import { goDuration } from './back-off';
import { ContainerLog } from './container-log';
import type { ContainerRecord } from './container-record';
import { ConfigError, environmentOf, expand } from './environment';
import { PullError, type StoredImage } from './image-store';
import { fieldPath, type PodHost } from './pod-host';
import { ProbeRunner } from './probes';
import {
  type ContainerConfig,
  ContainerInstance,
  type ContainerMount,
  StartError,
  subPathOf,
} from './runtime/container';
import { directory } from './runtime/file-system';
import type { ContainerSpec } from './types';

const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** runc's words before those that name the fault. */
const RUNC =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ';

/** Brings one container up: image, configuration, creation, start (kuberuntime_container.go, startContainer). */
export async function startContainer(worker: PodHost, record: ContainerRecord): Promise<void> {
  const { node } = worker;
  const stored = await ensureImage(worker, record);
  if (stored === undefined || !worker.mayStart) return;
  record.image = stored.reference.full;
  record.imageID = stored.id;
  let config: ContainerConfig;
  try {
    config = await configure(worker, record, stored);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    waitFor(record, 'CreateContainerConfigError', error.message);
    node.events.event(worker.pod, 'Warning', 'Failed', `Error: ${error.message}`, fieldPath(record));
    worker.report();
    // The kubelet's next look at a pod that is not as it should be.
    return retry(worker, record, node.random.between(10_000, 15_000));
  }
  if (!worker.mayStart) return;
  await pause(worker, node.random.between(30, 150) * node.faults.slowness(node.nodeName));
  if (!worker.mayStart) return;
  const id = createHash('sha256')
    .update(`${worker.pod.metadata.uid}/${record.spec.name}/${record.restartCount}`)
    .digest('hex');
  record.containerID = `containerd://${id}`;
  node.events.event(worker.pod, 'Normal', 'Created', 'Container created', fieldPath(record));
  launch(worker, record, config);
}

function launch(worker: PodHost, record: ContainerRecord, config: ContainerConfig): void {
  const { node } = worker;
  const log = new ContainerLog(() => node.clock.now());
  const instance = new ContainerInstance(config, node.clock, node.random, (stream, text) => log.append(stream, text));
  const startedAt = timestamp(node.clock);
  try {
    instance.start(
      (exitCode) => ended(worker, record, log, exitCode, startedAt),
      (error) => worker.run(() => Promise.reject(error)),
    );
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    cannotStart(worker, record, RUNC + error.message);
    return;
  }
  record.previousLog = record.log;
  record.log = log;
  record.instance = instance;
  record.state = { running: { startedAt } };
  record.killed = undefined;
  record.busy = false;
  node.events.event(worker.pod, 'Normal', 'Started', 'Container started', fieldPath(record));
  const postStart = record.spec.lifecycle?.postStart?.exec?.command;
  if (postStart !== undefined) worker.run(() => runPostStart(worker, record, instance, postStart));
  record.probes = new ProbeRunner(record, instance, {
    changed: () => {
      worker.report();
      worker.advance();
    },
    failed: (kind, output) =>
      node.events.event(worker.pod, 'Warning', 'Unhealthy', `${kind} probe failed: ${output}`, fieldPath(record)),
    restart: (kind) => worker.kill(record, `Container ${record.spec.name} failed ${kind} probe, will be restarted`),
  });
  crash(worker, record, instance);
  worker.advance();
}

/** Has a container that runs end, where its image is one that fails. */
export function crash(worker: PodHost, record: ContainerRecord, instance: ContainerInstance): void {
  const { faults } = worker.node;
  const end = () => {
    // It may have ended by itself, or the fault may be over.
    const found = faults.crashOf(record.image);
    if (found === undefined || record.instance !== instance) return;
    if (found.output !== '')
      record.log?.append('stderr', found.output.endsWith('\n') ? found.output : `${found.output}\n`);
    instance.processes.get(1)?.end(found.exitCode);
  };
  const planned = faults.crashOf(record.image);
  if (planned !== undefined) worker.after(planned.after, end);
}

async function runPostStart(
  worker: PodHost,
  record: ContainerRecord,
  instance: ContainerInstance,
  command: readonly string[],
): Promise<void> {
  const ignore = { write: () => {} };
  let code: number;
  try {
    code = await instance.spawn(command, { stdout: ignore, stderr: ignore }).exited;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    code = 126;
  }
  if (code === 0 || record.instance !== instance) return;
  worker.node.events.event(worker.pod, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', fieldPath(record));
  worker.kill(record, 'FailedPostStartHook');
}

function ended(worker: PodHost, record: ContainerRecord, log: ContainerLog, exitCode: number, startedAt: string): void {
  log.close();
  record.probes?.stop();
  const { instance } = record;
  record.instance = undefined;
  record.ready = record.kind === 'init' && exitCode === 0;
  record.started = false;
  const message = terminationMessage(record, instance, log, exitCode);
  record.state = {
    terminated: {
      exitCode,
      reason: exitCode === 0 ? 'Completed' : 'Error',
      startedAt,
      finishedAt: timestamp(worker.node.clock),
      containerID: record.containerID,
      ...(message === '' ? {} : { message }),
    },
  };
  worker.exited(record);
}

function terminationMessage(
  record: ContainerRecord,
  instance: ContainerInstance | undefined,
  log: ContainerLog,
  exitCode: number,
): string {
  const path = record.spec.terminationMessagePath ?? '/dev/termination-log';
  const node = instance?.filesIfMade?.lookup(path);
  const written = node?.type === 'file' ? node.content.slice(0, 4096) : '';
  const fallsBack = record.spec.terminationMessagePolicy === 'FallbackToLogsOnError' && exitCode !== 0;
  return written === '' && fallsBack ? log.tail(80, 2048) : written;
}

/** The runtime refuses the command: a run that ends before it begins, with exit code 128. */
function cannotStart(worker: PodHost, record: ContainerRecord, message: string): void {
  const { node } = worker;
  node.events.event(worker.pod, 'Warning', 'Failed', `Error: ${message}`, fieldPath(record));
  const log = new ContainerLog(() => node.clock.now());
  log.close();
  record.previousLog = record.log;
  record.log = log;
  const terminated = {
    exitCode: 128,
    reason: 'StartError',
    message,
    startedAt: '1970-01-01T00:00:00Z',
    finishedAt: timestamp(node.clock),
    containerID: record.containerID,
  };
  record.started = false;
  if ((worker.pod.spec?.restartPolicy ?? 'Always') === 'Never' && record.kind !== 'sidecar') {
    record.state = { terminated };
  } else {
    record.last = terminated;
    record.state = { waiting: { reason: 'RunContainerError', message } };
  }
  worker.exited(record);
}

function waitFor(record: ContainerRecord, reason: string, message?: string): void {
  record.state = { waiting: { reason, ...(message === undefined ? {} : { message }) } };
}

function retry(worker: PodHost, record: ContainerRecord, delay: number): void {
  worker.after(delay, () => {
    record.busy = false;
    worker.run(async () => {
      if (!worker.mayStart || record.busy) return;
      record.busy = true;
      await startContainer(worker, record);
    });
  });
}

function pause(worker: PodHost, delay: number): Promise<void> {
  return new Promise((resolve) => void worker.node.clock.setTimeout(resolve, delay));
}

/** The image on the node; `undefined` when it is not there and a later attempt has been arranged. */
async function ensureImage(worker: PodHost, record: ContainerRecord): Promise<StoredImage | undefined> {
  const { node, pod } = worker;
  const { image: name = '', imagePullPolicy: policy = 'IfNotPresent' } = record.spec;
  const path = fieldPath(record);
  const key = `${pod.metadata.uid}/${name}`;
  try {
    const present = node.images.find(name);
    if (present !== undefined && policy !== 'Always') {
      const text = `Container image "${name}" already present on machine and can be accessed by the pod`;
      node.events.event(pod, 'Normal', 'Pulled', text, path);
      return present;
    }
    if (policy === 'Never') {
      const text = `Container image "${name}" is not present with pull policy of Never`;
      node.events.event(pod, 'Warning', 'ErrImageNeverPull', text, path);
      throw new PullError(text, 'ErrImageNeverPull');
    }
    node.events.event(pod, 'Normal', 'Pulling', `Pulling image "${name}"`, path);
    const { stored, duration, total } = await node.images.pull(name);
    if (!worker.mayStart) return undefined;
    const times = `in ${goDuration(duration)} (${goDuration(total)} including waiting)`;
    const size = `Image size: ${stored.image.size} bytes.`;
    node.events.event(pod, 'Normal', 'Pulled', `Successfully pulled image "${name}" ${times}. ${size}`, path);
    node.pulls.forget(key);
    return stored;
  } catch (error) {
    if (!(error instanceof PullError)) throw error;
    if (!worker.mayStart) return undefined;
    pullFailed(worker, record, error, key);
    return undefined;
  }
}

function pullFailed(worker: PodHost, record: ContainerRecord, error: PullError, key: string): void {
  const { node, pod } = worker;
  const { image: name = '' } = record.spec;
  const path = fieldPath(record);
  if (error.reason === 'InvalidImageName') {
    node.events.event(pod, 'Warning', 'InspectFailed', error.message, path);
  } else if (error.reason === 'ErrImagePull') {
    node.events.event(pod, 'Warning', 'Failed', `Failed to pull image "${name}": ${error.message}`, path);
  }
  node.events.event(pod, 'Warning', 'Failed', `Error: ${error.reason}`, path);
  waitFor(record, error.reason, error.message);
  worker.report();
  if (error.reason !== 'ErrImagePull') {
    retry(worker, record, node.random.between(10_000, 15_000));
    return;
  }
  node.pulls.next(key, node.clock.now(), node.clock.now());
  const ends = node.clock.now() + node.pulls.delay(key);
  // The next look at the pod finds the pull in its back-off; the one after the back-off's end tries again.
  worker.after(node.random.between(1000, 2000), () => {
    if (!worker.mayStart) return;
    const text = `Back-off pulling image "${name}"`;
    node.events.event(pod, 'Normal', 'BackOff', text, path);
    node.events.event(pod, 'Warning', 'Failed', 'Error: ImagePullBackOff', path);
    waitFor(record, 'ImagePullBackOff', `${text}: ErrImagePull: ${error.message}`);
    worker.report();
    retry(worker, record, ends - node.clock.now() + node.random.between(0, 3000));
  });
}

async function configure(worker: PodHost, record: ContainerRecord, stored: StoredImage): Promise<ContainerConfig> {
  const { node, pod, sandbox } = worker;
  const { spec } = record;
  if (sandbox === undefined) throw new ConfigError('pod sandbox is not ready');
  const { image, reference } = stored;
  const services = node.servicesFor(pod.spec?.enableServiceLinks === false ? undefined : pod.metadata.namespace);
  const addresses = { podIP: sandbox.ip, hostIP: node.hostIP, nodeName: node.nodeName };
  const declared = await environmentOf(node.client, pod, spec, services, addresses);
  const base = { PATH: SEARCH_PATH, HOSTNAME: sandbox.hostname, HOME: '/root', ...image.environment };
  const environment = new Map([...Object.entries(base), ...declared]);
  const value = (name: string) => declared.get(name);
  const entrypoint = spec.command?.map((word) => expand(word, value)) ?? image.entrypoint ?? [];
  const args =
    spec.args?.map((word) => expand(word, value)) ?? (spec.command === undefined ? (image.command ?? []) : []);
  const security = { ...pod.spec?.securityContext, ...spec.securityContext };
  const uid = security.runAsUser ?? image.user ?? 0;
  if (security.runAsNonRoot === true && uid === 0) {
    const { name, namespace, uid: podUid } = pod.metadata;
    const where = `(pod: "${name}_${namespace}(${podUid})", container: ${spec.name})`;
    throw new ConfigError(
      security.runAsUser === 0
        ? `container's runAsUser breaks non-root policy ${where}`
        : `container has runAsNonRoot and image will run as root ${where}`,
    );
  }
  return {
    name: spec.name,
    image,
    tag: reference.tag,
    command: [...entrypoint, ...args],
    environment,
    workingDirectory: spec.workingDir ?? image.workingDirectory ?? '/',
    mounts: mountsOf(worker, record),
    providedFiles: () => networkFiles(worker),
    uid,
    gid: security.runAsGroup ?? 0,
    groups: [...(security.fsGroup === undefined ? [] : [security.fsGroup]), ...(security.supplementalGroups ?? [])],
    readOnlyRoot: spec.securityContext?.readOnlyRootFilesystem ?? false,
    stdin: spec.stdin ?? false,
    stdinOnce: spec.stdinOnce ?? false,
    tty: spec.tty ?? false,
    ports: namedPorts(spec),
    sandbox,
  };
}

const noPorts: ReadonlyMap<string, number> = new Map();

/** One for all containers that name none. */
function namedPorts({ ports = [] }: ContainerSpec): ReadonlyMap<string, number> {
  const named = ports.flatMap(({ name, containerPort }) => (name ? [[name, containerPort] as const] : []));
  return named.length === 0 ? noPorts : new Map(named);
}

function mountsOf(worker: PodHost, record: ContainerRecord): ContainerMount[] {
  const now = () => worker.node.clock.now();
  return (record.spec.volumeMounts ?? []).flatMap((mount) => {
    const volume = worker.volumes.get(mount.name);
    if (volume === undefined) return [];
    const node = mount.subPath ? subPathOf(volume, mount.subPath, () => directory(now())) : volume;
    return [{ path: mount.mountPath.replace(/(.)\/+$/, '$1'), node, readOnly: mount.readOnly ?? false }];
  });
}

function networkFiles({ pod, sandbox }: PodHost): Record<string, string> {
  const { namespace = 'default' } = pod.metadata;
  const search = `${namespace}.svc.cluster.local svc.cluster.local cluster.local`;
  return {
    '/etc/hosts': `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${sandbox?.ip}\t${sandbox?.hostname}\n`,
    '/etc/resolv.conf': `search ${search}\nnameserver 10.96.0.10\noptions ndots:5\n`,
  };
}
