import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { StorageConversion, TablePrinter } from '../registry/definition';

/** The printer of a stored version for another of the same kind: tables look alike in every version. */
export function convertedPrinter<T extends KubeObject, S extends KubeObject>(
  { columns, cells }: TablePrinter<S>,
  { toStorage }: StorageConversion<T>,
): TablePrinter<T> {
  // A conversion's stored side is what the stored version's printer is written for.
  return { columns, cells: (object, now) => cells(toStorage(structuredClone(object)) as S, now) };
}
