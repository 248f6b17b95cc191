import { randomInt } from 'node:crypto';
import { isConditionTrue } from '../../shared/kubernetes/conditions';
import type { Node } from '../../shared/kubernetes/objects';
import { nodes } from '../../shared/kubernetes/resources';
import { CLOCK_NAME, clocks } from '../../shared/kubernetes/simulator';
import { hasCode } from '../error-code';
import { type ApiServerSettings, type AssembledApiServer, serviceRangesOf } from './api-server';
import { createMissing } from './apiserver/authorization/bootstrap';
import { memoryBackend } from './apiserver/storage/memory-backend';
import { type ClusterCertificates, clusterCertificates } from './certificates';
import type { ApiClient, UserInfo } from './client';
import { SystemClock, type Timer } from './clock';
import { clockController, clockObject } from './clock-controller';
import { DataFolder } from './data-folder';
import type { ActiveFaults } from './faults/active-faults';
import { Informer } from './informer';
import { writeKubeconfig } from './kubeconfig';
import type { Log } from './log';
import { ServiceRange } from './network/service-range';
import { findPreset } from './presets';
import type { Preset } from './presets/preset';
import { Random } from './random';
import { runCluster } from './running-cluster';
import { KUBERNETES_VERSION } from './version';

const HOST = '127.0.0.1';

export interface ClusterOptions {
  /** The name of one of `presets`, or one of the caller's own. */
  readonly preset: string | Preset;
  /** Absent: the one it had before, or a free one; 0: a free one. */
  readonly port?: number;
  /** Where everything is kept; `undefined`: nowhere, the cluster ends with its process. */
  readonly data: string | undefined;
  /** Where the kubeconfig is written. */
  readonly kubeconfig: string;
  /** One seed gives one history; absent: any. */
  readonly seed?: number;
  /** Cluster seconds a second; 1 when absent. */
  readonly speed?: number;
  /** What kube-apiserver would be told by its flags. */
  readonly apiServer?: ApiServerSettings;
  /** Components that do not run: groups or names, see `chosenComponents`. */
  readonly disable?: readonly string[];
  readonly log: Log;
}

/** A simulated cluster that is being served. */
export interface Cluster {
  /** `https://127.0.0.1:PORT`. */
  readonly server: string;
  /** The kubeconfig's path. */
  readonly kubeconfig: string;
  readonly version: string;
  /** What the person should know of how it started, such as damage found. */
  readonly notice?: string;
  /** Resolves once all the preset's nodes are Ready, but for those that a fault keeps down. */
  readonly ready: Promise<void>;
  /** The API in process, as the given user. */
  client(user: UserInfo): ApiClient;
  /** Ends it; what was written is on disk when this resolves. */
  stop(): Promise<void>;
}

/**
 * Puts a cluster together and serves it.
 * @throws Error whose message a person can act on: an unknown preset, a data folder or a port in use.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const preset = typeof options.preset === 'string' ? findPreset(options.preset) : options.preset;
  const folder = options.data === undefined ? undefined : new DataFolder(options.data);
  try {
    return await startIn(folder, preset, options);
  } catch (error) {
    folder?.release();
    throw error;
  }
}

async function startIn(folder: DataFolder | undefined, preset: Preset, options: ClusterOptions): Promise<Cluster> {
  const { log } = options;
  const hostTime = new SystemClock().now();
  const [range = ServiceRange.default] = serviceRangesOf(options.apiServer?.serviceClusterIpRange);
  const [opened, certificates] = await Promise.all([
    folder?.openBackend(hostTime) ?? { backend: memoryBackend(), notice: undefined },
    clusterCertificates(options.data, range.address(1)),
  ]);
  const { backend, notice } = opened;
  if (notice !== undefined) log.error(notice);
  const memory = folder?.recall() ?? {};
  const speed = options.speed ?? 1;
  const clock = new SystemClock(speed, Math.max(hostTime, memory.clusterTime ?? 0));
  // A second start draws on: the same numbers would give new objects the uids of old ones.
  const random = new Random(((options.seed ?? randomInt(2 ** 31)) + Math.imul(backend.revision, 0x9e3779b1)) >>> 0);

  const running = await runCluster({
    ...{ preset, backend, certificates, clock, random, log },
    ...(options.apiServer === undefined ? {} : { apiServer: options.apiServer }),
    ...(options.disable === undefined ? {} : { disable: options.disable }),
    // Whatever else runs, time goes.
    components: [clockController(clock)],
    prepare: (client) => setClock(client, clock, options.speed),
  });
  const { server, loopback, faults } = running;
  try {
    const port = await listen(running, certificates, options.port, memory.port);
    const url = `https://${HOST}:${port}`;
    writeKubeconfig(options.kubeconfig, {
      name: `porthole-${preset.name}`,
      server: url,
      certificateAuthority: certificates.ca.certificate,
      client: certificates.admin,
    });
    const forget = folder === undefined ? undefined : rememberTime(folder, port, clock);
    return {
      server: url,
      kubeconfig: options.kubeconfig,
      version: KUBERNETES_VERSION,
      ...(notice === undefined ? {} : { notice }),
      ready: options.disable?.includes('kubelet') ? Promise.resolve() : nodesReady(loopback, preset, faults),
      client: (user) => server.client(user),
      async stop() {
        await running.stop();
        forget?.();
        folder?.release();
      },
    };
  } catch (error) {
    await running.stop().catch((closing: unknown) => log.error('the API server did not close in order', closing));
    throw error;
  }
}

/** Makes the Clock where it is missing, and has it go as fast as the person says. */
async function setClock(client: ApiClient, clock: SystemClock, speed: number | undefined): Promise<void> {
  await createMissing(client, clocks, [clockObject(clock.speed)]);
  if (speed === undefined) return;
  const { spec } = await client.get(clocks, undefined, CLOCK_NAME);
  if (spec?.speed !== speed) await client.patch(clocks, undefined, CLOCK_NAME, 'merge', { spec: { speed } });
}

/** Milliseconds of the host's between two notes of the cluster's time. */
const NOTE_EVERY = 5_000;

/**
 * Notes where cluster time is, ahead by as much as may pass until the next note: even after `kill -9` it does not run
 * backwards.
 * @returns stops it, with a last and exact note.
 */
function rememberTime(folder: DataFolder, port: number, clock: SystemClock): () => void {
  const host = new SystemClock();
  let timer: Timer | undefined;
  const note = () => {
    timer?.cancel();
    // At the host's speed or below, the host's own time is ahead already.
    folder.remember({ port, clusterTime: clock.horizon + Math.max(0, clock.speed - 1) * NOTE_EVERY });
    if (clock.speed > 1) timer = host.setTimeout(note, NOTE_EVERY);
  };
  clock.onChange(note);
  note();
  return () => {
    timer?.cancel();
    folder.remember({ port, clusterTime: clock.now() });
  };
}

/**
 * @param wanted what the person asks for; `undefined`: the remembered one, else a free one.
 * @throws Error that says which port is taken and what to do about it.
 */
async function listen(
  { server, clientCertificateAuthorities: authorities }: AssembledApiServer,
  { server: own }: ClusterCertificates,
  wanted: number | undefined,
  remembered: number | undefined,
): Promise<number> {
  const on = (port: number) =>
    server.listen({ port, host: HOST, tls: { key: own.key, cert: own.certificate, ca: authorities } });
  try {
    return (await on(wanted ?? remembered ?? 0)).port;
  } catch (error) {
    if (!hasCode(error, 'EADDRINUSE')) throw error;
    if (wanted === undefined) return (await on(0)).port;
    throw new Error(
      `port ${wanted} on ${HOST} is in use by another program: stop it, or choose another with --port (0 takes a free one)`,
      { cause: error },
    );
  }
}

/** Ready, and known to be: pods may come. */
const isReady = (node: Node) =>
  isConditionTrue(node.status?.conditions, 'Ready') &&
  !node.spec?.taints?.some(({ key }) => key === 'node.kubernetes.io/not-ready');

/** Waits for all but those that are known to be down. */
async function nodesReady(client: ApiClient, preset: Preset, faults: ActiveFaults): Promise<void> {
  const waiting = new Set(preset.nodes.flatMap(({ name }) => (faults.isDown(name) ? [] : name)));
  if (waiting.size === 0) return;
  const informer = new Informer(client, nodes);
  await new Promise<void>((resolve, reject) => {
    const look = (node: Node) => {
      if (!isReady(node)) return;
      waiting.delete(node.metadata.name ?? '');
      if (waiting.size === 0) resolve();
    };
    informer.addHandlers({ add: look, update: look });
    informer.start().catch(reject);
  });
  informer.stop();
}
