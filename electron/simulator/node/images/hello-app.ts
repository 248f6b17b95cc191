import type { Image } from './image';
import { server } from './server';

const MAJOR = /^(\d+)\.\d+$/;

export const helloApp: Image = {
  repository: 'us-docker.pkg.dev/google-samples/containers/gke/hello-app',
  hasTag: (tag) => tag === 'latest' || MAJOR.test(tag),
  size: 12_108_160,
  entrypoint: ['/hello-app'],
  programs: {
    '/hello-app': server({
      ports: ({ environment }) => [{ port: Number(environment.get('PORT') ?? 8080) }],
      bannerTo: 'stderr',
      banner: ({ container, environment }) => [
        `${new Date(container.clock.now()).toISOString().slice(0, 19).replace('T', ' ').replace(/-/g, '/')} Server listening on port ${environment.get('PORT') ?? '8080'}`,
      ],
      http: (request, { container }, log) => {
        const time = new Date(container.clock.now()).toISOString().slice(0, 19).replace('T', ' ').replace(/-/g, '/');
        log(`${time} Serving request: ${request.path}`);
        const version = MAJOR.test(container.config.tag) ? container.config.tag : '1.0';
        return {
          status: 200,
          body: `Hello, world!\nVersion: ${version}.0\nHostname: ${container.config.sandbox.hostname}\n`,
        };
      },
    }),
  },
};
