import type { Status } from '../../../../shared/kubernetes/objects';
import type { ExecStreams } from '../../kubelet-api';

/** A caller's end of a process's streams, over whatever carries them. */
export interface RemoteSession extends ExecStreams {
  /** Says how it ended, then closes. */
  finish(status: Status): Promise<void>;
}

/** A terminal's size as clients send it; `undefined` when it is none. */
export function terminalSize(text: string): { width: number; height: number } | undefined {
  let size: { Width?: unknown; Height?: unknown } | null;
  try {
    size = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof size !== 'object' || typeof size?.Width !== 'number' || typeof size.Height !== 'number') return undefined;
  return { width: size.Width, height: size.Height };
}
