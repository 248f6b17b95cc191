import { type Image, versionTags } from './image';
import { klogHead, server } from './server';

export const metricsServer: Image = {
  repository: 'registry.k8s.io/metrics-server/metrics-server',
  hasTag: versionTags(),
  size: 22_506_342,
  entrypoint: ['/metrics-server'],
  user: 65_534,
  programs: {
    '/metrics-server': server({
      startup: 2000,
      bannerTo: 'stderr',
      ports: ({ argv }) => [
        { port: Number(argv.find((flag) => flag.startsWith('--secure-port='))?.split('=')[1] ?? 10_250) },
      ],
      banner: ({ container }) => [
        `${klogHead(container.clock.now(), 'secure_serving.go:213')} Serving securely on [::]:10250`,
      ],
      http: () => ({ status: 200, body: 'ok' }),
    }),
  },
};
