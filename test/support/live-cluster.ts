import { afterAll, beforeAll } from 'vitest';
import { type Clients, startClients } from './kubectl';
import { type Listened, listen } from './listen';
import { type RunningSimulator, startSimulator } from './simulator';

/** The course's cluster with kubectl at it, for all tests of one block. */
export interface LiveCluster {
  /** What kubectl printed; arguments stand as in a shell. @throws AssertionError with its complaints unless it succeeds. */
  kubectl(line: string, stdin?: string, env?: NodeJS.ProcessEnv): Promise<string>;
  /** What kubectl printed and complained, whatever its status. */
  said(line: string, stdin?: string): Promise<string>;
  /** Starts kubectl, for what goes on until it is stopped. */
  start(line: string, env?: NodeJS.ProcessEnv): Listened;
  clients(): Clients;
  kubeconfig(): string;
}

/** Call it inside `describe`: the cluster runs from before its first test until after its last. */
export function liveCluster(speed = 10): LiveCluster {
  let simulator: RunningSimulator | undefined;
  let clients: Clients | undefined;
  beforeAll(async () => {
    simulator = await startSimulator({ preset: 'course', seed: 1, speed });
    clients = await startClients(simulator.kubeconfig);
  }, 120_000);
  afterAll(async () => {
    await clients?.remove();
    await simulator?.stop();
  });
  const running = () => {
    if (clients === undefined || simulator === undefined) throw new Error('the cluster does not run yet');
    return { clients, simulator };
  };
  return {
    kubectl: (line, stdin, env) => running().clients.succeed(words(line), stdin, env),
    async said(line, stdin = '') {
      const { stdout, stderr } = await running().clients.kubectl(words(line), { stdin });
      return stdout + stderr;
    },
    start: (line, env) => listen(running().clients.start(words(line), env)),
    clients: () => running().clients,
    kubeconfig: () => running().simulator.kubeconfig,
  };
}

/** Splits at spaces outside of single quotes. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''));
}
