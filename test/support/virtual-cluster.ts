import { createHash } from 'node:crypto';
import { memoryBackend } from '../../electron/simulator/apiserver/storage/memory-backend';
import { clusterCertificates } from '../../electron/simulator/certificates';
import type { ApiClient } from '../../electron/simulator/client';
import { VirtualClock } from '../../electron/simulator/clock';
import type { Log } from '../../electron/simulator/log';
import { findPreset } from '../../electron/simulator/presets';
import type { Preset } from '../../electron/simulator/presets/preset';
import { Random } from '../../electron/simulator/random';
import { runCluster } from '../../electron/simulator/running-cluster';

/** A whole cluster, with nothing left out but its socket, on a clock that goes when it is told to. */
export interface VirtualCluster {
  /** Acts as a cluster administrator. */
  readonly client: ApiClient;
  readonly clock: VirtualClock;
  /** What components logged as errors; empty when all is well. */
  readonly errors: readonly string[];
  /** A digest of every write so far, byte by byte and in their order. */
  history(): string;
  /** How many writes there were. */
  writes(): number;
  /** Lets all that is due within `milliseconds` happen. */
  advance(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

export interface VirtualClusterOptions {
  readonly seed: number;
  /** A preset's name, or one of the test's own. */
  readonly preset?: string | Preset;
  readonly disable?: readonly string[];
  /** Hears of each write as it is made: the object's key, and what it is now. */
  onWrite?(key: string, value: string | undefined): void;
}

// Keys are drawn by the host: all clusters of a test file share them, so that the rest can be the same.
let certificates: ReturnType<typeof clusterCertificates> | undefined;

export async function virtualCluster(options: VirtualClusterOptions): Promise<VirtualCluster> {
  const { preset = 'course' } = options;
  const clock = new VirtualClock();
  const errors: string[] = [];
  const log: Log = { info: () => {}, error: (message, error) => errors.push(`${message}: ${String(error)}`) };
  const digest = createHash('sha256');
  let writes = 0;
  certificates ??= clusterCertificates(undefined);
  const running = await runCluster({
    preset: typeof preset === 'string' ? findPreset(preset) : preset,
    backend: {
      ...memoryBackend(),
      append({ key, revision, value }) {
        writes++;
        digest.update(`${revision} ${key} ${value}\n`);
        options.onWrite?.(key, value);
      },
    },
    certificates: await certificates,
    clock,
    random: new Random(options.seed),
    log,
    ...(options.disable === undefined ? {} : { disable: options.disable }),
  });
  await clock.settle();
  return {
    client: running.server.client({ name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }),
    clock,
    errors,
    history: () => digest.copy().digest('hex'),
    writes: () => writes,
    async advance(milliseconds) {
      await clock.advance(milliseconds);
      await clock.settle();
    },
    stop: () => running.stop(),
  };
}
