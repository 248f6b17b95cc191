import type { KubeObject, Pod } from '../../../../shared/kubernetes/objects';
import { timestamp } from '../../clock';
import { aggregateText } from '../go-text';
import { deepCopy } from '../json';
import { update } from '../registry/update';
import { badRequest, conflict, failure } from '../status-errors';
import { notSupported, required } from '../validation/field-error';
import type { SubresourceAction } from './subresource';

interface Binding extends KubeObject {
  target?: { kind?: string; name?: string };
}

/** `pods/NAME/binding`: the scheduler's word on where a pod runs (pkg/registry/core/pod/storage/storage.go assignPod). */
export const bind: SubresourceAction = async (registry, request, target, body: Binding) => {
  const { resource, clock } = registry;
  const { name = '', namespace } = target.object.metadata;
  if (body.metadata?.name !== undefined && body.metadata.name !== '' && body.metadata.name !== name) {
    throw badRequest('name in URL does not match name in Binding object');
  }
  const node = body.target?.name ?? '';
  const kind = body.target?.kind ?? '';
  const errors = [
    ...(kind === '' || kind === 'Node' ? [] : [notSupported('target.kind', kind, ['Node', '<empty>'])]),
    ...(node === '' ? [required('target.name')] : []),
  ];
  // Upstream gives the bare errors of its validation, which makes them the server's.
  const texts = errors.map(({ field, message }) => `${field}: ${message}`);
  if (texts.length > 0) throw failure(500, undefined, aggregateText(texts));

  // That a pod is bound is in no field manager's name.
  const untracked = { ...request, manager: undefined };
  await update(registry, untracked, namespace, name, 'internal', (current) => {
    const pod: Pod = deepCopy(current);
    const refuse = (why: string) => conflict({ ...resource, resource: 'pods/binding' }, name, why);
    if (body.metadata?.uid && body.metadata.uid !== pod.metadata.uid) {
      throw refuse(
        `Precondition failed: UID in precondition: ${body.metadata.uid}, UID in object meta: ${pod.metadata.uid}`,
      );
    }
    if (pod.metadata.deletionTimestamp !== undefined)
      throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
    if (pod.spec === undefined) throw refuse(`pod ${name} has no spec`);
    if (pod.spec.nodeName) throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`);
    if ((pod.spec.schedulingGates ?? []).length > 0) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
    pod.spec.nodeName = node;
    pod.metadata.annotations = { ...pod.metadata.annotations, ...body.metadata?.annotations };
    if (Object.keys(pod.metadata.annotations).length === 0) delete pod.metadata.annotations;
    if (body.metadata?.labels !== undefined) pod.metadata.labels = { ...pod.metadata.labels, ...body.metadata.labels };
    const conditions = pod.status?.conditions ?? [];
    const scheduled = conditions.find((condition) => condition.type === 'PodScheduled');
    const unchanged = scheduled?.status === 'True' ? scheduled.lastTransitionTime : undefined;
    pod.status = {
      ...pod.status,
      conditions: [
        ...conditions.filter((condition) => condition.type !== 'PodScheduled'),
        { type: 'PodScheduled', status: 'True', lastTransitionTime: unchanged ?? timestamp(clock) },
      ],
    };
    return pod;
  });
  return success(201);
};

/** What a write that has no object to show is answered with. */
export function success(code: number): KubeObject & { status: string; code: number } {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code };
}
