import { busyboxPrograms } from '../commands';
import type { Image } from './image';

const TAGS = /^(latest|stable|unstable|musl|glibc|uclibc|1(\.(\d|[12]\d|3[0-7])(\.\d)?)?(-(musl|glibc|uclibc))?)$/;

export const busybox: Image = {
  repository: 'docker.io/library/busybox',
  hasTag: (tag) => TAGS.test(tag),
  size: 2_221_345,
  command: ['sh'],
  programs: busyboxPrograms,
  files: { '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n', '/etc/group': 'root:x:0:\n' },
};
