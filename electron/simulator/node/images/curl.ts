import { busyboxPrograms } from '../commands';
import { type Image, versionTags } from './image';

/** The image in which people call other pods by hand. */
export const curl: Image = {
  repository: 'docker.io/curlimages/curl',
  hasTag: versionTags(),
  size: 9_714_213,
  entrypoint: ['/entrypoint.sh'],
  command: ['curl'],
  user: 100,
  programs: {
    ...busyboxPrograms,
    '/entrypoint.sh': (process) => {
      const { stdin, stdout, stderr, cwd, environment, pid } = process;
      return process.container.spawn(process.arguments, { stdin, stdout, stderr, cwd, environment, pid }).exited;
    },
  },
};
