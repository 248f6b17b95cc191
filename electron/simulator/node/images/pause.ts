import type { Image } from './image';
import { server } from './server';

export const pause: Image = {
  repository: 'registry.k8s.io/pause',
  hasTag: (tag) => /^(latest|[123]\.\d+(\.\d+)?)$/.test(tag),
  size: 320_448,
  entrypoint: ['/pause'],
  programs: { '/pause': server({ shutdown: 10 }) },
};
