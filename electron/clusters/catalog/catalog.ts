import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Catalog } from '../../../shared/contract/app';
import { Topic } from '../topic';
import { type CatalogFile, type ContextTarget, type LoadedCatalog, loadCatalog } from './contexts';
import { WatchedFiles } from './watched-files';

/** The kubeconfig files that kubectl would read: the `KUBECONFIG` list, or `~/.kube/config`. */
export function defaultKubeconfigFiles(env: NodeJS.ProcessEnv, home = homedir()): string[] {
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  return listed.length > 0 ? [...new Set(listed.map((path) => resolve(path)))] : [join(home, '.kube', 'config')];
}

/** All contexts a person can connect to, kept up to date with their files. */
export class ContextCatalog {
  /** The catalog without anything but names. */
  readonly topic: Topic<Catalog>;
  private readonly watched: WatchedFiles;
  private readonly files: readonly CatalogFile[];
  private simulator: CatalogFile | undefined;
  private loaded: LoadedCatalog;

  /** Reads the files at once; a fault in one of them becomes a problem of the catalog. */
  constructor(files: readonly string[]) {
    this.files = files.map((path) => ({ path, source: { type: 'kubeconfig', file: path } }));
    this.loaded = loadCatalog(this.files);
    this.topic = new Topic(withoutTargets(this.loaded));
    this.watched = new WatchedFiles(() => this.reload());
    this.watched.set(files);
  }

  /** Adds the simulated cluster's own kubeconfig; returns the id of its context. */
  addSimulator(path: string, preset: string): string | undefined {
    this.simulator = { path, source: { type: 'simulator', preset } };
    this.watched.set(this.allFiles().map((file) => file.path));
    this.reload();
    return this.loaded.contexts.find((context) => context.source.type === 'simulator')?.id;
  }

  /** Where a context is to be found, when there is one of this id. */
  target(id: string): ContextTarget | undefined {
    return this.loaded.targets.get(id);
  }

  close(): void {
    this.watched.close();
  }

  private allFiles(): readonly CatalogFile[] {
    // The simulator comes first: it is what the app opens on.
    return this.simulator === undefined ? this.files : [this.simulator, ...this.files];
  }

  private reload(): void {
    this.loaded = loadCatalog(this.allFiles());
    this.topic.set(withoutTargets(this.loaded));
  }
}

function withoutTargets({ contexts, problems }: LoadedCatalog): Catalog {
  return { contexts, problems };
}
