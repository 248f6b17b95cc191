import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'vite';
import { type HttpsApi, httpsApi } from '../support/https-api';
import { root, temporaryFolder } from '../support/paths';

/** A cluster of many nodes in a process of its own, reached over HTTPS. */
export interface ManyNodes {
  readonly api: HttpsApi;
  /** Megabytes after a collection, of objects and of the whole process; seconds of processor time since the start. */
  usage(): Promise<{ heap: number; memory: number; cpu: number }>;
  stop(): Promise<void>;
}

const program = join(root, 'dist', 'bench-cluster.cjs');
let built: Promise<unknown> | undefined;

/** @param podsPerNode 240 at most: a node has a /24 for them. */
export async function startManyNodes(nodes: number, podsPerNode = 110): Promise<ManyNodes> {
  built ??= buildProgram();
  await built;
  const folder = await temporaryFolder('many-nodes');
  const kubeconfig = join(folder.path, 'kubeconfig');
  const child = fork(program, [kubeconfig, String(nodes), String(podsPerNode)], { execArgv: ['--expose-gc'] });
  const ended = once(child, 'exit');
  const [first] = await Promise.race([once(child, 'message'), ended]);
  if (first !== 'ready') throw new Error('the cluster of the bench has ended before it was ready');
  const api = httpsApi(kubeconfig);
  return {
    api,
    async usage() {
      const answer = once(child, 'message');
      child.send('usage');
      const [{ heapUsed, rss, cpu }] = await answer;
      return {
        heap: Math.round(heapUsed / 2 ** 20),
        memory: Math.round(rss / 2 ** 20),
        cpu: (cpu.user + cpu.system) / 1e6,
      };
    },
    async stop() {
      api.close();
      child.kill('SIGKILL');
      await ended;
      await folder.remove();
    },
  };
}

/** As vite.config.ts builds the programs of the app: what is measured must be what people run. */
async function buildProgram(): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'test', 'bench', 'cluster-program.ts'),
      target: 'node18',
      outDir: 'dist',
      emptyOutDir: false,
      copyPublicDir: false,
      minify: false,
      rolldownOptions: {
        external: ['lmdb', /^node:/],
        output: { format: 'cjs', entryFileNames: 'bench-cluster.cjs', codeSplitting: false },
      },
    },
  });
}
