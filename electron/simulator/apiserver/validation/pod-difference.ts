import { structuredPatch } from 'diff';
import { internalText } from './internal-text';

/**
 * The lines in which two objects of a pod's spec differ, as upstream appends them to its refusals: a unified diff of their
 * internal forms (k8s.io/apimachinery/pkg/util/diff, `Diff`). Empty when they are equal.
 */
export function difference(type: string, old: object, value: object): string {
  const text = (object: object) => JSON.stringify(internalText(type, object), undefined, 1);
  const { hunks } = structuredPatch('', '', text(old), text(value), undefined, undefined, { context: 3 });
  return hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) => {
      const shown = lines.filter((line) => !line.startsWith('\\'));
      return [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...shown, ''].join('\n');
    })
    .join('');
}
