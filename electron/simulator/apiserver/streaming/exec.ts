import type { Pod, Status } from '../../../../shared/kubernetes/objects';
import type { ExecOptions, KubeletApi } from '../../kubelet-api';
import { flag } from '../http/list-options';
import { badRequest, statusOf } from '../status-errors';
import type { Channels } from './channels';
import { chosenContainer } from './container-choice';

/** @throws StatusError 400. */
export function execOptions(pod: Pod, query: URLSearchParams): ExecOptions {
  const command = query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
  const streams = {
    stdin: flag(query, 'stdin') === true,
    stdout: flag(query, 'stdout') === true,
    stderr: flag(query, 'stderr') === true,
    tty: flag(query, 'tty') === true,
  };
  if (!streams.stdin && !streams.stdout && !streams.stderr) {
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  }
  return { container: chosenContainer(pod, query.get('container')), command, ...streams };
}

/** Runs a command over a caller's channels, and tells the caller how it ended. */
export async function runExec(kubelet: KubeletApi, pod: Pod, options: ExecOptions, channels: Channels): Promise<void> {
  let status: Status;
  try {
    status = exitStatus(await kubelet.exec(pod, options, channels));
  } catch (error) {
    status = statusOf(error);
  }
  await channels.finish(status);
}

/** How the error channel tells an exit code (k8s.io/kubelet/pkg/cri/streaming/remotecommand). */
function exitStatus(code: number): Status {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: error executing command, exit code ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}
