import type { Plugin } from '../framework';
import { MAX_SCORE } from '../framework';

const MEGABYTE = 1024 * 1024;
/** Below this, an image's presence is worth nothing; above the highest (a container), no more (image_locality.go). */
const LOWEST = 23 * MEGABYTE;
const HIGHEST = 1000 * MEGABYTE;

/** The name as container runtimes list it. */
function normalizedName(image: string): string {
  const name = image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;
  const first = name.split('/')[0] ?? '';
  if (!name.includes('/')) return `docker.io/library/${name}`;
  return /[.:]/.test(first) || first === 'localhost' ? name : `docker.io/${name}`;
}

/** Nodes that have the images already come first, the more so the more nodes have them. */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  preScore: ({ pod }, cache) => {
    const images = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map(({ image = '' }) =>
      normalizedName(image),
    );
    const spread = new Map(
      images.map((image) => [image, cache.nodes.filter((node) => node.images.has(image)).length / cache.nodes.length]),
    );
    if ([...spread.values()].every((share) => share === 0)) return undefined;
    const highest = HIGHEST * images.length;
    return {
      score: (node) => {
        const sum = images.reduce(
          (total, image) => total + (node.images.get(image) ?? 0) * (spread.get(image) ?? 0),
          0,
        );
        const bounded = Math.min(Math.max(sum, LOWEST), highest);
        return Math.floor((MAX_SCORE * (bounded - LOWEST)) / (highest - LOWEST));
      },
    };
  },
};
