import type { DeleteOptions } from '../../client';
import { isRecord } from '../json';
import { invalid as invalidObject } from '../status-errors';
import { type FieldError, invalid, notSupported } from '../validation/field-error';
import { flag, integer } from './list-options';
import { dryRunProblems } from './write-options';

type Policy = NonNullable<DeleteOptions['propagationPolicy']>;

export interface DeletionRequest extends DeleteOptions {
  /** Whether somebody asked for it in the old way: what then stays for now is answered with 202. */
  readonly cascades: boolean;
}

/**
 * `meta/v1.DeleteOptions` from a request's body, or from its query where there is no body.
 * @throws StatusError 400 or 422 (apimachinery/pkg/apis/meta/v1/validation ValidateDeleteOptions).
 */
export function deleteOptions(body: Record<string, unknown> | undefined, query: URLSearchParams): DeletionRequest {
  const source = body ?? optionsOf(query);
  const { gracePeriodSeconds, orphanDependents, propagationPolicy, preconditions } = source;
  const dryRun = Array.isArray(source.dryRun) ? source.dryRun : [];
  const errors = problems(source, dryRun);
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
  const policy =
    typeof orphanDependents === 'boolean' ? (orphanDependents ? 'Orphan' : 'Background') : propagationPolicy;
  return {
    ...(typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {}),
    ...(isPolicy(policy) ? { propagationPolicy: policy } : {}),
    ...(isRecord(preconditions) ? { preconditions: textMembers(preconditions) } : {}),
    dryRun: dryRun.length > 0,
    cascades: orphanDependents === false,
  };
}

function optionsOf(query: URLSearchParams): Record<string, unknown> {
  return {
    gracePeriodSeconds: integer(query, 'gracePeriodSeconds'),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    orphanDependents: flag(query, 'orphanDependents'),
    dryRun: query.getAll('dryRun'),
  };
}

function problems(source: Record<string, unknown>, dryRun: readonly unknown[]): FieldError[] {
  const { orphanDependents, propagationPolicy } = source;
  const errors: FieldError[] = [];
  const field = 'propagationPolicy';
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    const why = 'orphanDependents and deletionPropagation cannot be both set';
    errors.push(invalid(field, propagationPolicy, why));
  }
  if (propagationPolicy !== undefined && !isPolicy(propagationPolicy)) {
    errors.push(notSupported(field, propagationPolicy, ['Foreground', 'Background', 'Orphan', 'nil']));
  }
  errors.push(...dryRunProblems(dryRun));
  return errors;
}

function isPolicy(value: unknown): value is Policy {
  return value === 'Orphan' || value === 'Background' || value === 'Foreground';
}

function textMembers({ uid, resourceVersion }: Record<string, unknown>) {
  return {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
}
