import type { Pod, RuntimeClass } from '../../../../shared/kubernetes/objects';
import { pods, runtimeClasses } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { equal } from '../../quota/resource-list';
import { deepCopy, deepEqual } from '../json';
import { written } from './concerns';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory, AdmissionRequest } from './plugin';

type PodSpec = NonNullable<Pod['spec']>;
type Toleration = NonNullable<PodSpec['tolerations']>[number];

/** Gives a pod what its runtime costs, and sends it where the runtime is (plugin/pkg/admission/runtimeclass). */
export const runtimeClass: AdmissionPluginFactory = (client) => ({
  name: 'RuntimeClass',
  changes: ['pods'],
  admit(request) {
    const spec = written(request, pods, 'CREATE')?.spec;
    return spec?.runtimeClassName === undefined ? undefined : prepare(client, request, spec, spec.runtimeClassName);
  },
  validate(request) {
    const spec = written(request, pods, 'CREATE')?.spec;
    if (spec?.runtimeClassName !== undefined) return check(client, request, spec, spec.runtimeClassName);
    if (spec?.overhead !== undefined) throw forbidden(request, UNEXPECTED);
  },
});

const UNEXPECTED = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
const OTHER = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

async function prepare(client: ApiClient, request: AdmissionRequest, spec: PodSpec, name: string): Promise<void> {
  const { overhead, scheduling } = await classOf(client, request, name);
  if (overhead !== undefined) {
    const fixed = overhead.podFixed ?? {};
    if (Object.keys(spec.overhead ?? {}).length > 0 && !equal(fixed, spec.overhead ?? {})) {
      throw forbidden(request, OTHER);
    }
    spec.overhead = { ...fixed };
  }
  if (scheduling === undefined) return;
  const selector: Record<string, string> = { ...spec.nodeSelector };
  for (const [key, wanted] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = selector[key];
    if (own !== undefined && own !== wanted) {
      const theirs = `runtimeClass.scheduling.nodeSelector[${key}] = ${wanted}`;
      throw forbidden(request, `conflict: ${theirs}; pod.spec.nodeSelector[${key}] = ${own}`);
    }
    selector[key] = wanted;
  }
  if (Object.keys(selector).length > 0) spec.nodeSelector = selector;
  const tolerations = merged([...(spec.tolerations ?? []), ...deepCopy(scheduling.tolerations ?? [])]);
  if (tolerations.length > 0) spec.tolerations = tolerations;
}

async function check(client: ApiClient, request: AdmissionRequest, spec: PodSpec, name: string): Promise<void> {
  const { overhead } = await classOf(client, request, name);
  if (overhead === undefined) {
    if (spec.overhead !== undefined) throw forbidden(request, UNEXPECTED);
  } else if (!equal(overhead.podFixed ?? {}, spec.overhead ?? {})) {
    throw forbidden(request, OTHER);
  }
}

async function classOf(client: ApiClient, request: AdmissionRequest, name: string): Promise<RuntimeClass> {
  try {
    return await client.get(runtimeClasses, undefined, name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw forbidden(request, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  }
}

/** Without those that others cover (pkg/util/tolerations, MergeTolerations). */
function merged(all: readonly Toleration[]): Toleration[] {
  const kept: Toleration[] = [];
  for (const [index, toleration] of all.entries()) {
    if (kept.some((each) => covers(each, toleration))) continue;
    const later = all.slice(index + 1);
    if (later.some((each) => !deepEqual(each, toleration) && covers(each, toleration))) continue;
    kept.push(toleration);
  }
  return kept;
}

function covers(wide: Toleration, narrow: Toleration): boolean {
  if (deepEqual(wide, narrow)) return true;
  if ((narrow.key ?? '') !== (wide.key ?? '') && (wide.key || wide.operator !== 'Exists')) return false;
  if (wide.effect && narrow.effect !== wide.effect) return false;
  if (wide.effect === 'NoExecute' && wide.tolerationSeconds !== undefined) {
    if (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > wide.tolerationSeconds) return false;
  }
  if (wide.operator === 'Exists') return true;
  if (wide.operator !== undefined && wide.operator !== 'Equal') return false;
  return narrow.operator === 'Equal' && (narrow.value ?? '') === (wide.value ?? '');
}
