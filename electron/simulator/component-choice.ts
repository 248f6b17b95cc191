import type { ComponentDefinition } from './component';

/** What `--disable` takes besides the names of controllers. */
export const COMPONENT_GROUPS = ['controllers', 'scheduler', 'kubelet'] as const;
type Group = (typeof COMPONENT_GROUPS)[number];

/** All that runs on the API server, by what it belongs to. */
export type ComponentGroups = Readonly<Record<Group, readonly ComponentDefinition[]>>;

/**
 * The components that run when some are switched off.
 * @param disabled groups, or names of controllers as kube-controller-manager has them.
 * @throws Error that lists what can be named.
 */
export function chosenComponents(groups: ComponentGroups, disabled: readonly string[] = []): ComponentDefinition[] {
  const names = [...COMPONENT_GROUPS, ...groups.controllers.map(({ name }) => name)];
  const unknown = disabled.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`--disable: there is no component "${unknown}": choose from ${names.join(', ')}`);
  }
  return COMPONENT_GROUPS.flatMap((group) =>
    disabled.includes(group) ? [] : groups[group].filter(({ name }) => !disabled.includes(name)),
  );
}
