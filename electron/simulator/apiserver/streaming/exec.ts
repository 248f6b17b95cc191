import type { Pod, Status } from '../../../../shared/kubernetes/objects';
import type { AttachOptions, ExecOptions, KubeletApi } from '../../kubelet-api';
import { flag } from '../http/list-options';
import { badRequest, statusOf } from '../status-errors';
import { chosenContainer } from './container-choice';
import type { RemoteSession } from './remote-session';

/** @throws StatusError 400. */
export function execOptions(pod: Pod, query: URLSearchParams): ExecOptions {
  const command = query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
  return { ...attachOptions(pod, query), command };
}

/** @throws StatusError 400. */
export function attachOptions(pod: Pod, query: URLSearchParams): AttachOptions {
  const streams = {
    stdin: flag(query, 'stdin') === true,
    stdout: flag(query, 'stdout') === true,
    stderr: flag(query, 'stderr') === true,
    tty: flag(query, 'tty') === true,
  };
  if (!streams.stdin && !streams.stdout && !streams.stderr) {
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  }
  return { container: chosenContainer(pod, query.get('container')), ...streams };
}

/** Runs a command over a caller's streams, and tells the caller how it ended. */
export function runExec(kubelet: KubeletApi, pod: Pod, options: ExecOptions, session: RemoteSession): Promise<void> {
  return conclude(session, async () => exitStatus(await kubelet.exec(pod, options, session)));
}

/** Joins a caller's streams to a container's main process. */
export function runAttach(
  kubelet: KubeletApi,
  pod: Pod,
  options: AttachOptions,
  session: RemoteSession,
): Promise<void> {
  return conclude(session, async () => {
    await kubelet.attach(pod, options, session);
    return SUCCESS;
  });
}

async function conclude(session: RemoteSession, run: () => Promise<Status>): Promise<void> {
  let status: Status;
  try {
    status = await run();
  } catch (error) {
    status = statusOf(error);
  }
  await session.finish(status);
}

const SUCCESS: Status = { metadata: {}, status: 'Success' };

/** How the error channel tells an exit code (k8s.io/kubelet/pkg/cri/streaming/remotecommand). */
function exitStatus(code: number): Status {
  if (code === 0) return SUCCESS;
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: error executing command, exit code ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}
