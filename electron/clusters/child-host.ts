import { fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Transport } from '../../shared/contract/wire';
import { type HostedProcess, LastWords, type ProcessHost, type Program } from './host';
import { isRelayMessage, Relay } from './relay';

/** How long a child may take to end by itself. Milliseconds. */
const grace = 5000;

/** Plain child processes of Node, with their ports relayed through this process. */
export class ChildHost implements ProcessHost<Transport> {
  private readonly folder: string;

  /** @param folder Where the built programs are. */
  constructor(folder: string) {
    this.folder = folder;
  }

  start(program: Program, args: readonly string[]): HostedProcess<Transport> {
    const child = fork(join(this.folder, `${program}.cjs`), args, { serialization: 'advanced', silent: true });
    const lastWords = new LastWords();
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords.add(text);
      process.stderr.write(text);
    });
    const lines = child.stdout === null ? undefined : createInterface(child.stdout);
    const send = (message: object) => {
      if (!child.connected) return;
      child.send(message, () => {
        // It has ended a moment ago; its exit is told separately.
      });
    };
    const relay = new Relay(send);
    child.on('message', (message: unknown) => {
      if (isRelayMessage(message)) relay.receive(message);
    });
    const exited = new Promise<string>((resolve) => {
      child.on('exit', (code, signal) => resolve(lastWords.reason(`ended with ${signal ?? `status ${code}`}`)));
      child.on('error', (error) => resolve(error.message));
    });
    void exited.then(() => relay.end());
    return {
      openPort: () => relay.open(),
      send,
      onLine: (listener) => lines?.on('line', listener),
      onExit: (listener) => void exited.then(listener),
      async stop() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        // Windows knows no gentle signal; there the lost channel says it.
        if (process.platform === 'win32') child.disconnect();
        else child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), grace);
        await exited;
        clearTimeout(timer);
      },
    };
  }
}
