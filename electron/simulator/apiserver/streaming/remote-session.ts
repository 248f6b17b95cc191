import type { Status } from '../../../../shared/kubernetes/objects';
import type { ExecStreams } from '../../kubelet-api';

/** A caller's end of a process's streams, over whatever carries them. */
export interface RemoteSession extends ExecStreams {
  /** Says how it ended, then closes. */
  finish(status: Status): Promise<void>;
}

/**
 * How a process ended, as the caller is told: newer protocols send a Status, older ones what went wrong in words
 * (remotecommand/httpstream.go, `v4WriteStatusFunc` and `v1WriteStatusFunc`).
 */
export function statusText(status: Status, isJson: boolean): string {
  // What is no answer does not say of what kind it is.
  if (isJson) return JSON.stringify({ ...status, kind: undefined, apiVersion: undefined });
  return status.status === 'Success' ? '' : (status.message ?? '');
}

export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** A caller's terminal: who asks late hears of the last size all the same. */
export class TerminalSizes {
  #handler: ((size: TerminalSize) => void) | undefined;
  #last: TerminalSize | undefined;

  /** @param text a size as clients send it; anything else is passed over. */
  take(text: string): void {
    const size = terminalSize(text);
    if (size === undefined) return;
    this.#last = size;
    this.#handler?.(size);
  }

  onResize(handler: (size: TerminalSize) => void): void {
    this.#handler = handler;
    if (this.#last !== undefined) handler(this.#last);
  }
}

function terminalSize(text: string): TerminalSize | undefined {
  let size: { Width?: unknown; Height?: unknown } | null;
  try {
    size = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof size !== 'object' || typeof size?.Width !== 'number' || typeof size.Height !== 'number') return undefined;
  return { width: size.Width, height: size.Height };
}
