import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { PodTemplateSpec } from '../strategies/pod-defaults';
import { hostNameWarnings, templateWarnings } from './pod-warnings';

interface Workload extends KubeObject {
  spec?: { template?: PodTemplateSpec };
}

/** A new workload's name becomes that of its pods; what its template says is warned of when the spec has changed. */
export function workloadWarnings(workload: Workload, old: Workload | undefined): string[] {
  if (old === undefined) return [...podNameWarnings(workload), ...specWarnings(workload, old)];
  return specWarnings(workload, old);
}

function podNameWarnings({ metadata }: KubeObject): string[] {
  return hostNameWarnings(metadata.name, 'Pod names and hostnames');
}

/** The warnings of a template, each time that the spec around it changes. */
export function specWarnings({ metadata, spec }: Workload, old: Workload | undefined): string[] {
  if (old !== undefined && metadata.generation === old.metadata.generation) return [];
  return templateWarnings(spec?.template, 'spec.template');
}

/** The same, each time that the template itself changes. */
export function changedTemplateWarnings({ spec }: Workload, old: Workload | undefined): string[] {
  if (old !== undefined && isDeepStrictEqual(spec?.template, old.spec?.template)) return [];
  return templateWarnings(spec?.template, 'spec.template');
}
