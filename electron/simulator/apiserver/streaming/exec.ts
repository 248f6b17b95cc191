import type { Pod, Status } from '../../../../shared/kubernetes/objects';
import type { AttachOptions, ExecOptions, KubeletApi } from '../../kubelet-api';
import { flag } from '../http/list-options';
import { internalError, statusOf } from '../status-errors';
import { KubeletRefusal } from './kubelet-refusal';
import type { RemoteSession } from './remote-session';

/** What a process is to be: `command` is there for an exec, and not for an attachment. */
export type ProcessOptions = AttachOptions & Partial<Pick<ExecOptions, 'command'>>;

/** What is asked for of a process, whether or not it makes sense. @param command absent: to attach to the one that runs. */
export function processOptions(
  query: URLSearchParams,
  container: string,
  command: readonly string[] | undefined,
): ProcessOptions {
  const asked = (name: string) => flag(query, name) === true;
  return {
    container,
    ...(command === undefined ? {} : { command }),
    stdin: asked('stdin'),
    stdout: asked('stdout'),
    stderr: asked('stderr'),
    tty: asked('tty'),
  };
}

/**
 * The same as a kubelet takes it (k8s.io/kubelet/pkg/cri/streaming/remotecommand/httpstream.go, `NewOptions`).
 * @throws KubeletRefusal 400 without any stream.
 */
export function takenOptions(options: ProcessOptions): ProcessOptions {
  const { stdin, stdout, tty } = options;
  // What goes to a terminal is one.
  const stderr = options.stderr && !tty;
  if (!stdin && !stdout && !stderr) {
    throw new KubeletRefusal(400, 'you must specify at least 1 of stdin, stdout, stderr');
  }
  return { ...options, stderr };
}

/**
 * Runs a command over a caller's streams, or joins them to a container's main process.
 * @returns how it ended, as a kubelet tells it: remotecommand/exec.go and attach.go.
 */
export async function runProcess(
  kubelet: KubeletApi,
  pod: Pod,
  { command, ...options }: ProcessOptions,
  session: RemoteSession,
): Promise<Status> {
  try {
    if (command !== undefined) return exitStatus(await kubelet.exec(pod, { ...options, command }, session), command);
    await kubelet.attach(pod, options, session);
    return SUCCESS;
  } catch (error) {
    return statusOf(error);
  }
}

const SUCCESS: Status = { metadata: {}, status: 'Success' };

/** How a container runtime tells an exit code. */
function exitStatus(code: number, command: readonly string[]): Status {
  return exited(code, `error executing command [${command.join(' ')}], exit code ${code}`);
}

function exited(code: number, why: string): Status {
  if (code === 0) return SUCCESS;
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: ${why}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

/**
 * What an API server that stands between makes of how a kubelet says that a process ended: it has read it as a client of the
 * kubelet, and writes it anew (k8s.io/apiserver/pkg/util/proxy/streamtranslator.go).
 */
export function translated(status: Status): Status {
  if (status.status === 'Success') return SUCCESS;
  if (status.reason !== 'NonZeroExitCode') return internalError(status.message ?? '').status;
  const code = Number(status.details?.causes?.[0]?.message);
  return exited(code, `command terminated with exit code ${code}`);
}
