import type { Pod } from '../../../../shared/kubernetes/objects';
import { badRequest } from '../status-errors';

/**
 * The container that logs or a process are wanted of: the named one, or the only one
 * (pkg/registry/core/pod/strategy.go, `validateContainer`).
 * @throws StatusError 400 when the pod leaves a choice, or has none of that name.
 */
export function chosenContainer(pod: Pod, name: string | null): string {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const podName = pod.metadata.name ?? '';
  const names = [...initContainers, ...containers, ...ephemeralContainers].map((container) => container.name);
  if (name !== null && name !== '') {
    if (!names.includes(name)) throw badRequest(`container ${name} is not valid for pod ${podName}`);
    return name;
  }
  const [only] = containers;
  if (only !== undefined && containers.length === 1) return only.name;
  throw badRequest(`a container name must be specified for pod ${podName}, choose one of: [${names.join(' ')}]`);
}
