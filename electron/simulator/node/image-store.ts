import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import type { Random } from '../random';
import { imageOf } from './images';
import type { Image } from './images/image';
import { type ImageReference, parseImageReference } from './images/reference';

/** An image on a node. */
export interface StoredImage {
  readonly image: Image;
  readonly reference: ImageReference;
  /** `docker.io/library/nginx@sha256:…`, a status's `imageID`. */
  readonly id: string;
}

/** A pull that failed; the message is containerd's. */
export class PullError extends Error {
  readonly reason: 'ErrImagePull' | 'InvalidImageName' | 'ErrImageNeverPull';

  constructor(message: string, reason: PullError['reason'] = 'ErrImagePull') {
    super(message);
    this.reason = reason;
  }
}

export interface PullResult {
  readonly stored: StoredImage;
  /** Milliseconds for the pull alone, and with its wait for others'. */
  readonly duration: number;
  readonly total: number;
}

/** Bytes a millisecond from a registry. */
const BANDWIDTH = 60_000;

/** The images of one node, and its pulls, one after another as the kubelet's serializeImagePulls has it. */
export class ImageStore {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #stored = new Map<string, StoredImage>();
  readonly #changed: () => void;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param changed called when an image has come. */
  constructor(clock: Clock, random: Random, changed: () => void) {
    this.#clock = clock;
    this.#random = random;
    this.#changed = changed;
  }

  /** @throws PullError when the name is malformed. */
  find(name: string): StoredImage | undefined {
    return this.#stored.get(referenceOf(name).full);
  }

  /** `status.images` of the Node: the largest first, fifty at most. */
  list(): { names: string[]; sizeBytes: number }[] {
    return [...this.#stored.values()]
      .sort((a, b) => b.image.size - a.image.size)
      .slice(0, 50)
      .map(({ id, image, reference }) => ({ names: [id, reference.full], sizeBytes: image.size }));
  }

  /** Puts an image in place as the machine's own image has it, without a pull. */
  preload(name: string): void {
    const reference = referenceOf(name);
    const image = imageOf(reference.repository);
    if (image?.hasTag(reference.tag)) this.#store(image, reference);
  }

  /** @throws PullError */
  pull(name: string): Promise<PullResult> {
    const reference = referenceOf(name);
    const asked = this.#clock.now();
    const run = async (): Promise<PullResult> => {
      const started = this.#clock.now();
      const stored = await this.#fetch(reference);
      const now = this.#clock.now();
      return { stored, duration: Math.round(now - started), total: Math.round(now - asked) };
    };
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #fetch(reference: ImageReference): Promise<StoredImage> {
    const present = this.#stored.get(reference.full);
    const image = imageOf(reference.repository);
    const wait = (duration: number) => new Promise<void>((resolve) => void this.#clock.setTimeout(resolve, duration));
    await wait(this.#random.between(300, 700));
    if (image === undefined) throw new PullError(unknownRepository(reference));
    if (reference.digest === undefined && !image.hasTag(reference.tag)) throw new PullError(unknownTag(reference));
    if (present !== undefined) return present;
    await wait((image.size / BANDWIDTH) * this.#random.between(0.8, 1.4));
    const stored = this.#store(image, reference);
    this.#changed();
    return stored;
  }

  #store(image: Image, reference: ImageReference): StoredImage {
    const digest = reference.digest ?? `sha256:${createHash('sha256').update(reference.full).digest('hex')}`;
    const stored = { image, reference, id: `${reference.repository}@${digest}` };
    this.#stored.set(reference.full, stored);
    return stored;
  }
}

function referenceOf(name: string): ImageReference {
  const reference = parseImageReference(name);
  if (reference === undefined) {
    throw new PullError(
      `Failed to apply default image tag "${name}": couldn't parse image name "${name}": invalid reference format`,
      'InvalidImageName',
    );
  }
  return reference;
}

function unknownTag({ full }: ImageReference): string {
  const start = `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`;
  return `rpc error: code = NotFound desc = ${start}: ${full}: not found`;
}

/** Each registry has its own way to say that it does not know a repository, or not tell. */
function unknownRepository(reference: ImageReference): string {
  const { full, registry, path, tag } = reference;
  const start = `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`;
  if (registry === 'docker.io') {
    return `rpc error: code = Unknown desc = ${start}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`;
  }
  if (['registry.k8s.io', 'quay.io', 'ghcr.io', 'gcr.io', 'us-docker.pkg.dev'].includes(registry))
    return unknownTag(reference);
  const host = registry.split(':')[0] ?? registry;
  return `rpc error: code = Unknown desc = ${start}: failed to do request: Head "https://${registry}/v2/${path}/manifests/${tag}": dial tcp: lookup ${host}: no such host`;
}
