import type { Catalog, CatalogProblem, ContextSource, ContextSummary } from '../../../shared/contract/app';
import {
  contextId,
  type KubeconfigFile,
  problemOfData,
  problemOfPath,
  readKubeconfigFile,
  textOf,
} from './kubeconfig-file';

/** Where a connection process finds a context and its credentials. Names only. */
export interface ContextTarget {
  readonly context: string;
  /** The context's own file, then the others that may define its cluster or user. */
  readonly files: readonly string[];
}

/** A kubeconfig file to list, and what to say about where it comes from. */
export interface CatalogFile {
  readonly path: string;
  readonly source: ContextSource;
}

/** The catalog, with the target of each context by its id. */
export interface LoadedCatalog extends Catalog {
  readonly targets: ReadonlyMap<string, ContextTarget>;
}

/**
 * Reads all files into one catalog. As with kubectl a context may name a cluster or a user of another file; its own file
 * comes first. Contexts of the same name in different files are all listed.
 */
export function loadCatalog(files: readonly CatalogFile[]): LoadedCatalog {
  const read = files.map((file) => readKubeconfigFile(file.path));
  const contexts: ContextSummary[] = [];
  const problems: CatalogProblem[] = read.flatMap((file) => [...file.problems]);
  const targets = new Map<string, ContextTarget>();
  for (const [index, own] of read.entries()) {
    const source = files[index]?.source ?? { type: 'kubeconfig', file: own.file };
    const inOrder = [own, ...read.filter((other) => other !== own)];
    for (const { name, node } of own.contexts) {
      const id = contextId(own.file, name);
      if (targets.has(id)) {
        problems.push({ file: own.file, message: `context "${name}" is defined twice; the first one counts` });
        continue;
      }
      const clusterName = textOf(node, 'cluster') ?? '';
      const userName = textOf(node, 'user') ?? '';
      const namespace = textOf(node, 'namespace');
      const cluster = find(inOrder, 'clusters', clusterName);
      const problem = node === undefined ? `context "${name}" is empty` : problemOf(inOrder, clusterName, userName);
      targets.set(id, { context: name, files: inOrder.map((file) => file.file) });
      contexts.push({
        id,
        name,
        cluster: clusterName,
        user: userName,
        server: textOf(cluster?.node, 'server') ?? '',
        ...(namespace === undefined ? {} : { namespace }),
        source,
        ...(problem === undefined ? {} : { problem }),
      });
    }
  }
  return { contexts, problems, targets };
}

function find(files: readonly KubeconfigFile[], list: 'clusters' | 'users', name: string) {
  for (const file of files) {
    const entry = file[list].find((candidate) => candidate.name === name);
    if (entry !== undefined) return { file: file.file, node: entry.node };
  }
  return undefined;
}

/** The first reason why a context cannot be used. */
function problemOf(files: readonly KubeconfigFile[], clusterName: string, userName: string): string | undefined {
  if (clusterName === '') return 'the context names no cluster';
  const cluster = find(files, 'clusters', clusterName);
  if (cluster === undefined) return `cluster "${clusterName}" is not defined`;
  const server = textOf(cluster.node, 'server');
  if (server === undefined) return `cluster "${clusterName}" has no server`;
  if (!/^https?:\/\/[^/\s]/.test(server)) return `cluster "${clusterName}" has a server that is not an http(s) URL`;
  const user = userName === '' ? undefined : find(files, 'users', userName);
  if (userName !== '' && user === undefined) return `user "${userName}" is not defined`;
  return (
    problemOfPath(cluster.file, cluster.node, 'certificate-authority') ??
    problemOfData(cluster.node, 'certificate-authority-data') ??
    (user === undefined
      ? undefined
      : (problemOfPath(user.file, user.node, 'client-certificate') ??
        problemOfPath(user.file, user.node, 'client-key') ??
        problemOfPath(user.file, user.node, 'tokenFile') ??
        problemOfData(user.node, 'client-certificate-data') ??
        problemOfData(user.node, 'client-key-data')))
  );
}
