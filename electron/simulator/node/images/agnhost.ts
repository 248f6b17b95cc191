import { busyboxPrograms } from '../commands';
import type { Process } from '../runtime/process';
import type { Image } from './image';
import { server } from './server';

function port(process: Process, fallback: number): number {
  const flag = process.argv.find((argument) => /^--?(http-)?port=/.test(argument));
  return flag === undefined ? fallback : Number(flag.split('=')[1]);
}

const netexec = server({
  ports: (process) => [{ port: port(process, 8080) }],
  banner: (process) => [`Started HTTP server on port ${port(process, 8080)}`],
  http: (request, { container }) => {
    const path = request.path.split('?')[0];
    if (path === '/hostname' || path === '/hostName') return { status: 200, body: container.config.sandbox.hostname };
    if (path === '/clientip') return { status: 200, body: request.remoteAddress };
    if (path === '/healthz') return { status: 200, body: '' };
    return { status: 200, body: `NOW: ${new Date(container.clock.now()).toISOString()}` };
  },
});

const serveHostname = server({
  ports: (process) => [{ port: port(process, 9376) }],
  banner: () => ['Serving on port 9376.'],
  http: (_request, { container }) => ({ status: 200, body: container.config.sandbox.hostname }),
});

export const agnhost: Image = {
  repository: 'registry.k8s.io/e2e-test-images/agnhost',
  hasTag: (tag) => /^2\.\d+(\.\d+)?$/.test(tag),
  size: 51_105_200,
  entrypoint: ['/agnhost'],
  command: ['pause'],
  programs: {
    ...busyboxPrograms,
    '/agnhost': (process) => {
      const command = process.arguments[0];
      if (command === 'netexec') return netexec(process);
      if (command === 'serve-hostname') return serveHostname(process);
      if (command === 'pause') return server({ banner: () => ['Paused'] })(process);
      return process.fail(`unknown command "${command ?? ''}" for "app"`);
    },
  },
};
