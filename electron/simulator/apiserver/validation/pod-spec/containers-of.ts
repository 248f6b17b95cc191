import type { Container, PodSpec } from '../../strategies/pod-defaults';

/** A pod's containers of all three kinds with their paths, init containers first (pkg/apis/core/pods, `VisitContainersWithPath`). */
export function containersOf(spec: PodSpec, path: string): (readonly [Container, string])[] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((field) =>
    (spec[field] ?? []).map((container, index) => [container, `${path}.${field}[${index}]`] as const),
  );
}
