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

/** What pulls go through. */
export interface PullConditions {
  /** Whether the registry of an image cannot be reached. */
  isUnreachable(image: ImageReference): boolean;
  /** How many times as long the disk takes. */
  slowness(): number;
}

/** Milliseconds that a connection is tried for (containerd's resolver). */
const DIAL_TIMEOUT = 30_000;

/** Bytes a millisecond from a registry. */
const BANDWIDTH = 60_000;

/** The images of one node, and its pulls, one after another as the kubelet's serializeImagePulls has it. */
export class ImageStore {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #stored = new Map<string, StoredImage>();
  readonly #conditions: PullConditions;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, random: Random, conditions: PullConditions) {
    this.#clock = clock;
    this.#random = random;
    this.#conditions = conditions;
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
    if (this.#conditions.isUnreachable(reference)) {
      await wait(DIAL_TIMEOUT);
      throw new PullError(unreachable(reference));
    }
    await wait(this.#random.between(300, 700));
    if (image === undefined) throw new PullError(unknownRepository(reference));
    if (reference.digest === undefined && !image.hasTag(reference.tag)) throw new PullError(unknownTag(reference));
    if (present !== undefined) return present;
    await wait((image.size / BANDWIDTH) * this.#random.between(0.8, 1.4) * this.#conditions.slowness());
    return this.#store(image, reference);
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

/** What a registry's address is behind its name, where they differ. */
const REGISTRY_HOSTS: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

function unreachable({ full, registry, path, tag, digest }: ImageReference): string {
  const start = `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`;
  const url = `https://${REGISTRY_HOSTS[registry] ?? registry}/v2/${path}/manifests/${digest ?? tag}`;
  return `rpc error: code = DeadlineExceeded desc = ${start}: failed to do request: Head "${url}": dial tcp ${UNREACHABLE}: i/o timeout`;
}

/** An address that nobody has (RFC 5737). */
const UNREACHABLE = '203.0.113.10:443';

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
