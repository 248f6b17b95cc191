import { busyboxPrograms } from '../commands';
import type { Program } from '../runtime/process';
import { type Image, versionTags } from './image';
import { klogHead, server } from './server';

/** The port on which it says whether it is well. */
const HEALTH = 10_254;

/** Runs a program as its child and passes on the signals that it gets. */
const dumbInit: Program = async (process) => {
  const args = process.arguments.filter((argument, index) => index > 0 || argument !== '--');
  const { stdin, stdout, stderr, cwd, environment } = process;
  const child = process.container.spawn(args, { stdin, stdout, stderr, cwd, environment });
  process.onSignal(['SIGTERM', 'SIGINT', 'SIGQUIT'], (signal) => child.process.deliver(signal));
  return process.wait(child.exited);
};

export const ingressNginxController: Image = {
  repository: 'registry.k8s.io/ingress-nginx/controller',
  hasTag: versionTags(),
  size: 107_319_552,
  entrypoint: ['/usr/bin/dumb-init', '--'],
  command: ['/nginx-ingress-controller'],
  user: 101,
  programs: {
    ...busyboxPrograms,
    '/usr/bin/dumb-init': dumbInit,
    '/nginx-ingress-controller': server({
      startup: 1500,
      bannerTo: 'stderr',
      ports: () => [{ port: 80 }, { port: 443 }, { port: HEALTH }],
      banner: ({ container }) => [
        `${klogHead(container.clock.now(), 'nginx.go:273')} "Starting NGINX Ingress controller"`,
      ],
      http: () => ({ status: 200, body: 'ok' }),
    }),
  },
};
