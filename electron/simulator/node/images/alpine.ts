import { busyboxPrograms } from '../commands';
import type { Image } from './image';

const TAGS = /^(latest|edge|3(\.([3-9]|1\d|2[0-3])(\.\d{1,2})?)?)$/;

export const alpine: Image = {
  repository: 'docker.io/library/alpine',
  hasTag: (tag) => TAGS.test(tag),
  size: 3_802_452,
  command: ['/bin/sh'],
  programs: busyboxPrograms,
  files: {
    '/etc/alpine-release': '3.23.2\n',
    '/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.23.2\nPRETTY_NAME="Alpine Linux v3.23"\n',
  },
};
