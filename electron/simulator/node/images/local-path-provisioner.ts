import { busyboxPrograms } from '../commands';
import { type Image, versionTags } from './image';
import { server } from './server';

export const localPathProvisioner: Image = {
  repository: 'docker.io/rancher/local-path-provisioner',
  hasTag: versionTags(),
  size: 17_943_252,
  entrypoint: ['local-path-provisioner'],
  programs: {
    ...busyboxPrograms,
    '/usr/bin/local-path-provisioner': server({
      startup: 300,
      bannerTo: 'stderr',
      banner: ({ container }) => [
        `time="${new Date(container.clock.now()).toISOString().slice(0, 19)}Z" level=info msg="Provisioner started"`,
      ],
    }),
  },
};
