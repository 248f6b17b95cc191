import type { Program } from '../runtime/process';

/** An image of the simulated registries: what it is called, and what runs when a container starts from it. */
export interface Image {
  /** In full: `docker.io/library/nginx`. */
  readonly repository: string;
  /** Whether the registry has the tag. */
  hasTag(tag: string): boolean;
  /** Compressed bytes, as a node's status and the Pulled event give it. */
  readonly size: number;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** A numeric uid; absent: root. */
  readonly user?: number;
  /** Executables by absolute path. */
  readonly programs: Readonly<Record<string, Program>>;
  /** Other files by absolute path; a path that ends in `/` is an empty directory. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A version number with at most `parts` parts, an optional `v` and an optional variant: `1.14.2-alpine`. */
export function versionTags(parts = 3): (tag: string) => boolean {
  const pattern = new RegExp(`^(latest|stable|v?\\d+(\\.\\d+){0,${parts - 1}}(-[a-z0-9][a-z0-9.-]*)?)$`);
  return (tag) => pattern.test(tag);
}

/** The given programs at `directory/name`. */
export function programsIn(
  directory: string,
  programs: Readonly<Record<string, Program>>,
): Readonly<Record<string, Program>> {
  return Object.fromEntries(Object.entries(programs).map(([name, program]) => [`${directory}/${name}`, program]));
}
