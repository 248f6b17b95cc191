import { KUBERNETES_VERSION } from '../../version';
import { busyboxPrograms } from '../commands';
import type { Program } from '../runtime/process';
import { type Image, versionTags } from './image';
import { klogHead, type ServerBehaviour, server } from './server';

const healthy: ServerBehaviour['http'] = () => ({ status: 200, body: 'ok' });

/** A component that logs through klog, serves its health and ends on SIGTERM. */
function component(source: string, first: string, ports: readonly number[]): Program {
  return server({
    startup: 400,
    bannerTo: 'stderr',
    ports: ports.map((port) => ({ port })),
    banner: ({ container }) => [
      `${klogHead(container.clock.now(), source)} ${first}`,
      `${klogHead(container.clock.now(), 'shared_informer.go:356')} "Caches are synced"`,
    ],
    http: healthy,
  });
}

function controlPlane(name: string, size: number, program: Program): Image {
  return {
    repository: `registry.k8s.io/${name}`,
    hasTag: versionTags(),
    size,
    entrypoint: [`/usr/local/bin/${name}`],
    programs: { [`/usr/local/bin/${name}`]: program, ...(name === 'kube-proxy' ? busyboxPrograms : {}) },
  };
}

export const kubeApiServer = controlPlane(
  'kube-apiserver',
  27_671_920,
  component('options.go:263', `"Version: ${KUBERNETES_VERSION}"`, [6443]),
);

export const kubeControllerManager = controlPlane(
  'kube-controller-manager',
  23_121_143,
  component('controllermanager.go:191', `"Starting" version="${KUBERNETES_VERSION}"`, [10_257]),
);

export const kubeScheduler = controlPlane(
  'kube-scheduler',
  17_228_488,
  component('server.go:175', `"Starting Kubernetes Scheduler" version="${KUBERNETES_VERSION}"`, [10_259]),
);

export const kubeProxy = controlPlane(
  'kube-proxy',
  25_786_942,
  component('server_linux.go:53', '"Using iptables proxy"', [10_249, 10_256]),
);

export const etcd: Image = {
  repository: 'registry.k8s.io/etcd',
  hasTag: versionTags(),
  size: 22_871_747,
  entrypoint: ['/usr/local/bin/etcd'],
  programs: {
    '/usr/local/bin/etcd': server({
      startup: 300,
      bannerTo: 'stderr',
      ports: [{ port: 2379 }, { port: 2380 }, { port: 2381 }],
      banner: ({ container }) => [
        `{"level":"info","ts":"${new Date(container.clock.now()).toISOString()}","caller":"embed/serve.go:124","msg":"ready to serve client requests"}`,
      ],
      http: () => ({ status: 200, body: '{"health":"true","reason":""}' }),
    }),
  },
};
