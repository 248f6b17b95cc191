/** The programs that run in processes of their own. */
export type Program = 'connection' | 'simulate';

/** A process that serves. `Port` is what its host can hand on to a page. */
export interface HostedProcess<Port> {
  /** Opens a port to it and returns the end for whoever is to talk to it. */
  openPort(): Port;
  send(message: ConnectionMessage): void;
  /** Each line that it prints on standard output. */
  onLine(listener: (line: string) => void): void;
  /** Told once, with the reason and what it last wrote on standard error. */
  onExit(listener: (reason: string) => void): void;
  /** Asks it to end. Resolves when it has. */
  stop(): Promise<void>;
}

/** Starts processes: Electron's utility processes in the desktop app, plain children when serving a browser. */
export interface ProcessHost<Port> {
  start(program: Program, args: readonly string[]): HostedProcess<Port>;
}

/** What a connection's process is told, besides its ports. */
export type ConnectionMessage =
  | { readonly type: 'open'; readonly target: { readonly context: string; readonly files: readonly string[] } }
  /** A kubeconfig has changed. */
  | { readonly type: 'reload' };

/** Keeps the end of what a process writes, to say why it ended. */
export class LastWords {
  private text = '';

  add(chunk: string): void {
    this.text = (this.text + chunk).slice(-2000);
  }

  /** The last lines, or the status where it said nothing. */
  reason(status: string): string {
    const lines = this.text.trim().split('\n').slice(-5).join('\n').trim();
    return lines === '' ? status : lines;
  }
}
