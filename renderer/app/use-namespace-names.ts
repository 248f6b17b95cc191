import type { RowsProblem } from '../../shared/contract/rows';
import { kindById } from '../../shared/kinds/index';
import { useConnection } from './connections';
import { useRows } from './use-rows';

const kind = kindById('namespaces');
const everywhere: readonly string[] = [];

/** The cluster's namespaces by name, live. */
export function useNamespaceNames(contextId: string): { names: readonly string[]; problem: RowsProblem | undefined } {
  if (kind === undefined) throw new Error('the kinds lack namespaces');
  const { store, snapshot } = useRows(contextId, useConnection(contextId), kind, everywhere);
  return { names: store.slice(0, snapshot.visible).map((row) => row.name), problem: snapshot.problem };
}
