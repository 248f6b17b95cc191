import { type Image, versionTags } from './image';
import { server } from './server';

export const coredns: Image = {
  repository: 'registry.k8s.io/coredns/coredns',
  hasTag: versionTags(),
  size: 23_553_139,
  entrypoint: ['/coredns'],
  user: 65_532,
  programs: {
    '/coredns': server({
      startup: 300,
      ports: [{ port: 53, protocol: 'UDP' }, { port: 8080 }, { port: 8181 }, { port: 9153 }],
      banner: ({ container }) => [
        '.:53',
        '[INFO] plugin/reload: Running configuration SHA512 = 1b226df79860026c6a52e67daa10d7f0d57ec5b023288ec00c5e05f93523c894',
        `CoreDNS-${container.config.tag.replace(/^v/, '')}`,
        'linux/amd64, go1.25.2',
      ],
      http: () => ({ status: 200, body: 'OK' }),
      goodbye: () => ['[INFO] SIGTERM: Shutting down servers then terminating'],
      // The health plugin's lameduck.
      shutdown: 5000,
    }),
  },
};
