import type { FileSystem } from '../runtime/file-system';
import { patternExpression } from './expansion';

/** The paths that a pattern means, in order; none when nothing fits. */
export function glob(pattern: string, cwd: string, files: FileSystem): string[] {
  const absolute = pattern.startsWith('/');
  let found = [{ shown: absolute ? '/' : '', path: absolute ? '/' : cwd }];
  for (const part of pattern.split('/').filter((piece) => piece !== '')) {
    const matches = patternExpression(part);
    found = found.flatMap(({ shown, path }) => {
      const node = files.lookup(path);
      if (node?.type !== 'directory') return [];
      return [...node.entries.keys()]
        .sort()
        .filter((name) => matches.test(name) && (part.startsWith('.') || !name.startsWith('.')))
        .map((name) => ({
          shown: shown === '' || shown.endsWith('/') ? `${shown}${name}` : `${shown}/${name}`,
          path: path === '/' ? `/${name}` : `${path}/${name}`,
        }));
    });
  }
  return found.map(({ shown }) => shown);
}
