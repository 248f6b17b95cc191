/** An image's name taken apart, with the defaults filled in (github.com/distribution/reference, normalize.go). */
export interface ImageReference {
  /** `docker.io/library/nginx` */
  readonly repository: string;
  readonly registry: string;
  /** Without the registry: `library/nginx`. */
  readonly path: string;
  readonly tag: string;
  readonly digest?: string;
  /** Name and tag in full. */
  readonly full: string;
}

/** @returns `undefined` when the name is malformed. */
export function parseImageReference(name: string): ImageReference | undefined {
  const [withTag = '', digest] = name.split('@');
  const match =
    /^((?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)(?::([\w][\w.-]{0,127}))?$/.exec(
      withTag,
    );
  if (match === null) return undefined;
  const parts = (match[1] ?? '').split('/');
  const first = parts[0] ?? '';
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasRegistry ? first : 'docker.io';
  const rest = (hasRegistry ? parts.slice(1) : parts).join('/');
  const path = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  const tag = match[2] ?? 'latest';
  const repository = `${registry}/${path}`;
  return {
    repository,
    registry,
    path,
    tag,
    full: digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`,
    ...(digest === undefined ? {} : { digest }),
  };
}
