import type { ComponentType } from 'react';
import type { KubeObject } from '../../shared/kubernetes/objects';

/** What a kind's summary shows beyond the common parts. */
export type Sections<T extends KubeObject = KubeObject> = ComponentType<{ object: T }>;

const sections: Readonly<Record<string, Sections>> = {};

export function sectionsOf(kind: string): Sections | undefined {
  return sections[kind];
}
