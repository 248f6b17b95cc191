import type { FlowSchema } from '../../../../shared/kubernetes/objects';

/** The order in which FlowSchemas are asked (apiserver/pkg/util/apihelpers, `FlowSchemaSequence`). */
export function bySchemaOrder(a: FlowSchema, b: FlowSchema): number {
  const difference = (a.spec?.matchingPrecedence ?? 0) - (b.spec?.matchingPrecedence ?? 0);
  return difference || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1);
}
