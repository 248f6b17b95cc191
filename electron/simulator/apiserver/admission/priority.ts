import type { Pod, PriorityClass } from '../../../../shared/kubernetes/objects';
import { pods, priorityClasses } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import { written } from './concerns';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory, AdmissionRequest } from './plugin';

const ANYHOW = 'PreemptLowerPriority';
const COMPUTED_BY = 'priority admission controller computed';

/** Turns a pod's priority class into numbers (plugin/pkg/admission/priority). */
export const priority: AdmissionPluginFactory = (client) => ({
  name: 'Priority',
  changes: ['pods'],
  async admit(request) {
    const created = written(request, pods, 'CREATE');
    if (created !== undefined) return setPriority(request, created, client);
    const updated = written(request, pods, 'UPDATE');
    const old = (request.oldObject as Pod | undefined)?.spec;
    if (updated?.spec === undefined || old === undefined) return;
    if (old.priority !== undefined) updated.spec.priority ??= old.priority;
    if (old.preemptionPolicy !== undefined) updated.spec.preemptionPolicy ??= old.preemptionPolicy;
  },
  async validate(request) {
    const priorityClass = written(request, priorityClasses, 'CREATE', 'UPDATE');
    if (!priorityClass?.globalDefault) return;
    const other = await defaultClass(client);
    if (other === undefined) return;
    if (request.operation === 'CREATE' || other.metadata.name !== priorityClass.metadata.name) {
      const text = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
      throw forbidden(request, text);
    }
  },
});

async function setPriority(request: AdmissionRequest, pod: Pod, client: ApiClient): Promise<void> {
  const spec = pod.spec;
  if (spec === undefined) return;
  const found = spec.priorityClassName
    ? await classOf(request, spec.priorityClassName, client)
    : await defaultClass(client);
  if (found?.metadata.name !== undefined) spec.priorityClassName = found.metadata.name;
  const value = found?.value ?? 0;
  const policy = found?.preemptionPolicy ?? ANYHOW;
  if (spec.priority !== undefined && spec.priority !== value) {
    const given = `the integer value of priority (${spec.priority}) must not be provided in pod spec`;
    throw forbidden(request, `${given}; ${COMPUTED_BY} ${value} from the given PriorityClass name`);
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    const given = `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec`;
    throw forbidden(request, `${given}; ${COMPUTED_BY} ${policy} from the given PriorityClass name`);
  }
  spec.priority = value;
  spec.preemptionPolicy = policy;
}

async function classOf(request: AdmissionRequest, name: string, client: ApiClient): Promise<PriorityClass> {
  try {
    return await client.get(priorityClasses, undefined, name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw forbidden(request, `no PriorityClass with name ${name} was found`);
  }
}

/** Should there be several, by some race, the lowest counts. */
async function defaultClass(client: ApiClient): Promise<PriorityClass | undefined> {
  const { items } = await client.list(priorityClasses);
  return items.filter(({ globalDefault }) => globalDefault).sort((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
}
