import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import type { CatalogProblem } from '../../../shared/contract/app';
import { messageOf } from '../../../shared/error-message';
import { hasCode } from '../../error-code';

/** A part of a kubeconfig that has a name: a cluster, a user, a context. `node` is what stands under it. */
interface NamedEntry {
  readonly name: string;
  readonly node: YAMLMap | undefined;
}

/** What one kubeconfig file says, as far as it can be read. */
export interface KubeconfigFile {
  readonly file: string;
  readonly clusters: readonly NamedEntry[];
  readonly users: readonly NamedEntry[];
  readonly contexts: readonly NamedEntry[];
  readonly problems: readonly CatalogProblem[];
}

/** Reads a file. A file that is not there has nothing in it, as for kubectl; every other fault is named, none is thrown. */
export function readKubeconfigFile(file: string): KubeconfigFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return emptyFile(file, hasCode(error, 'ENOENT') ? [] : [{ file, message: `cannot be read: ${messageOf(error)}` }]);
  }
  return parseKubeconfig(file, text);
}

/** Parses a kubeconfig's text; `file` is for messages and for the paths in it. */
function parseKubeconfig(file: string, text: string): KubeconfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: CatalogProblem[] = document.errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    message: error.message,
  }));
  if (problems.length > 0) return emptyFile(file, problems);
  const root = document.contents;
  if (root === null) return emptyFile(file, []);
  if (!isMap(root)) return emptyFile(file, [{ file, line: 1, message: 'is not a kubeconfig: not a mapping' }]);

  const lineOf = (node: unknown) => lineOfNode(node, lines);
  const entries = (list: string, member: string): NamedEntry[] => {
    const sequence: unknown = root.get(list, true);
    if (sequence === undefined || (isScalar(sequence) && sequence.value === null)) return [];
    if (!isSeq(sequence)) {
      problems.push({ file, ...lineOf(sequence), message: `${list} must be a list` });
      return [];
    }
    return sequence.items.flatMap((item): NamedEntry[] => {
      const name = isMap(item) ? item.get('name') : undefined;
      if (!isMap(item) || typeof name !== 'string' || name === '') {
        problems.push({ file, ...lineOf(item), message: `an entry of ${list} has no name` });
        return [];
      }
      const node = item.get(member);
      return [{ name, node: isMap(node) ? node : undefined }];
    });
  };
  const clusters = entries('clusters', 'cluster');
  const users = entries('users', 'user');
  const contexts = entries('contexts', 'context');
  return { file, clusters, users, contexts, problems };
}

function emptyFile(file: string, problems: readonly CatalogProblem[]): KubeconfigFile {
  return { file, clusters: [], users: [], contexts: [], problems };
}

function lineOfNode(node: unknown, lines: LineCounter): { line?: number } {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return {};
  const start: unknown = node.range[0];
  return typeof start === 'number' ? { line: lines.linePos(start).line } : {};
}

/** A member of a mapping when it is a non-empty text. */
export function textOf(node: YAMLMap | undefined, key: string): string | undefined {
  const value: unknown = node?.get(key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Why a file that an entry names cannot be used, if so. Paths are relative to the kubeconfig's folder. */
export function problemOfPath(file: string, node: YAMLMap | undefined, key: string): string | undefined {
  const path = textOf(node, key);
  if (path === undefined) return undefined;
  const absolute = resolve(dirname(file), path);
  try {
    accessSync(absolute, constants.R_OK);
    return undefined;
  } catch (error) {
    return `${key} ${absolute} cannot be read: ${messageOf(error)}`;
  }
}

/** Why inline data is not what it should be, if so: it must be base64 of PEM. The data itself is never in the message. */
export function problemOfData(node: YAMLMap | undefined, key: string): string | undefined {
  const data = textOf(node, key);
  if (data === undefined) return undefined;
  return Buffer.from(data, 'base64').toString('latin1').includes('-----BEGIN')
    ? undefined
    : `${key} is not PEM in base64`;
}

/** A context's id: the same as long as its file and name are, and fit for a URL. */
export function contextId(file: string, context: string): string {
  return createHash('sha256').update(`${file}\0${context}`).digest('base64url').slice(0, 16);
}
