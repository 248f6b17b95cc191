import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MessageChannelMain, type MessagePortMain, utilityProcess } from 'electron';
import { type HostedProcess, LastWords, type ProcessHost, type Program } from '../clusters/host';

/** How long a process may take to end by itself. Milliseconds. */
const grace = 5000;

/** Electron's utility processes. Their ports go straight to the page: nothing passes through the main process. */
export class UtilityHost implements ProcessHost<MessagePortMain> {
  private readonly folder: string;

  /** @param folder Where the built programs are. */
  constructor(folder: string) {
    this.folder = folder;
  }

  start(program: Program, args: readonly string[]): HostedProcess<MessagePortMain> {
    const serviceName = program === 'simulate' ? 'Simulated cluster' : 'Cluster connection';
    const path = join(this.folder, `${program}.cjs`);
    const child = utilityProcess.fork(path, [...args], { serviceName, stdio: 'pipe' });
    const lastWords = new LastWords();
    child.stderr?.on('data', (chunk: Buffer) => {
      lastWords.add(chunk.toString());
      process.stderr.write(chunk);
    });
    const lineListeners: ((line: string) => void)[] = [];
    let lines: ReturnType<typeof createInterface> | undefined;
    let running = true;
    const exited = new Promise<string>((resolve) => {
      child.once('exit', (code) => {
        running = false;
        resolve(lastWords.reason(`ended with status ${code}`));
      });
    });
    return {
      openPort() {
        const { port1, port2 } = new MessageChannelMain();
        child.postMessage({ type: 'port' }, [port1]);
        return port2;
      },
      send: (message) => child.postMessage(message),
      onLine(listener) {
        lineListeners.push(listener);
        if (lines !== undefined || child.stdout === null) return;
        // Electron types the stream more loosely than it is.
        lines = createInterface(child.stdout as NodeJS.ReadableStream);
        lines.on('line', (line) => {
          for (const heard of lineListeners) heard(line);
        });
      },
      onExit: (listener) => void exited.then(listener),
      async stop() {
        if (!running) return;
        child.kill();
        const timer = setTimeout(() => {
          if (running && child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
        }, grace);
        await exited;
        clearTimeout(timer);
      },
    };
  }
}
