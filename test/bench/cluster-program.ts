import { startCluster } from '../../electron/simulator/cluster';
import { stderrLog } from '../../electron/simulator/log';

/**
 * A cluster of many plain nodes in a process of its own, started by ./cluster.ts: `cluster-program KUBECONFIG NODES
 * PODS-A-NODE`. It tells its parent when it is ready, and then, for each message, what it has used of memory and processor.
 */

async function run(kubeconfig: string, nodes: number, podsPerNode: number): Promise<void> {
  const cluster = await startCluster({
    preset: {
      name: 'bench',
      description: 'Plain nodes without add-ons',
      nodes: Array.from({ length: nodes }, (_, index) => ({
        name: `node-${String(index).padStart(4, '0')}`,
        internalIP: `10.0.${index >> 8}.${index & 255}`,
        podCIDR: `10.${64 + (index >> 8)}.${index & 255}.0/24`,
        capacity: { cpu: '64', memory: '256Gi', pods: String(podsPerNode) },
      })),
      objects: () => [],
    },
    data: undefined,
    kubeconfig,
    seed: 1,
    log: stderrLog,
  });
  process.on('disconnect', () => process.exit(0));
  process.on('message', () => {
    global.gc?.();
    process.send?.({ ...process.memoryUsage(), cpu: process.cpuUsage() });
  });
  await cluster.ready;
  process.send?.('ready');
}

const [kubeconfig = '', nodes, podsPerNode] = process.argv.slice(2);
run(kubeconfig, Number(nodes), Number(podsPerNode)).catch((error: unknown) => {
  stderrLog.error('the cluster of the bench did not start', error);
  process.exit(1);
});
