import type { DeleteOptions } from '../../client';
import { isRecord } from '../json';
import { badRequest, invalid } from '../status-errors';
import { integer } from './list-options';

/**
 * `meta/v1.DeleteOptions` from a request's body, or from its query where there is no body.
 * @throws StatusError 400 or 422.
 */
export function deleteOptions(body: Record<string, unknown> | undefined, query: URLSearchParams): DeleteOptions {
  const source: Record<string, unknown> = body ?? {
    gracePeriodSeconds: integer(query, 'gracePeriodSeconds'),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    orphanDependents: query.has('orphanDependents') ? query.get('orphanDependents') === 'true' : undefined,
  };
  const { gracePeriodSeconds, orphanDependents, preconditions, dryRun } = source;
  const propagationPolicy =
    orphanDependents === undefined || orphanDependents === null
      ? source.propagationPolicy
      : orphanDependents
        ? 'Orphan'
        : 'Background';
  if (!isPropagationPolicy(propagationPolicy)) {
    throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
      {
        type: 'FieldValueNotSupported',
        field: 'propagationPolicy',
        message: `Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: "Background", "Foreground", "Orphan"`,
      },
    ]);
  }
  return {
    ...(typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {}),
    ...(propagationPolicy ? { propagationPolicy } : {}),
    ...(isRecord(preconditions) ? { preconditions: textMembers(preconditions) } : {}),
    dryRun: isDryRun(Array.isArray(dryRun) ? dryRun : query.getAll('dryRun')),
  };
}

type Policy = NonNullable<DeleteOptions['propagationPolicy']>;

function isPropagationPolicy(value: unknown): value is Policy | undefined | null | '' {
  return value === undefined || value === null || ['', 'Orphan', 'Background', 'Foreground'].includes(String(value));
}

function textMembers({ uid, resourceVersion }: Record<string, unknown>) {
  return {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
}

/** @throws StatusError 400 for anything but `All`. */
export function isDryRun(values: readonly unknown[]): boolean {
  for (const value of values) {
    if (value !== 'All') {
      throw badRequest(`invalid dryRun: dryRun: Unsupported value: ${JSON.stringify(value)}: supported values: "All"`);
    }
  }
  return values.length > 0;
}
