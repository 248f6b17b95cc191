import type { KubeObject } from '../../../shared/kubernetes/objects';
import { groupResourceOf, type Resource } from '../../../shared/kubernetes/resources';
import type { ResourceList } from './resource-list';

/** One condition on what a quota counts (`corev1.ScopedResourceSelectorRequirement`). */
export interface Scope {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A write, as far as it matters to whether a quota has to look at it. */
export interface QuotaWrite {
  readonly operation: string;
  readonly subresource: string;
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
}

/** Knows what the objects of one resource use of a quota (k8s.io/apiserver/pkg/quota/v1 Evaluator). */
export interface Evaluator<T extends KubeObject = KubeObject> {
  /** Whether a write can change what is used. */
  handles(write: QuotaWrite): boolean;
  /** Those of a quota's resource names that objects of this resource use. */
  matching(names: readonly string[]): string[];
  /** Whether an object is within a scope; without it, none ever is. */
  inScope?(scope: Scope, object: T): boolean;
  /** What an object lacks so that it could be counted, as the refusal says it; `undefined` when nothing. */
  missing?(required: readonly string[], object: T): string | undefined;
  /** @param now milliseconds of cluster time. */
  usage(object: T, now: number): ResourceList;
  /** Whether a change that no write was charged for can give something back; without it, only deletions do. */
  frees?(object: T, previous: T, now: number): boolean;
}

type Named = Pick<Resource, 'group' | 'resource'>;

/** How a quota names the number of objects of a resource: `count/deployments.apps`. */
export function countName(resource: Named): string {
  return `count/${groupResourceOf(resource)}`;
}

/** The old names for numbers of objects. */
const ALIASES: Readonly<Record<string, string>> = {
  configmaps: 'configmaps',
  resourcequotas: 'resourcequotas',
  replicationcontrollers: 'replicationcontrollers',
  secrets: 'secrets',
};

/** Counts objects and nothing else: what holds for every resource that has no rules of its own. */
export function objectCount(resource: Named): Evaluator {
  const alias = resource.group === '' ? ALIASES[resource.resource] : undefined;
  const names = [countName(resource), ...(alias === undefined ? [] : [alias])];
  const usage = Object.fromEntries(names.map((name) => [name, '1']));
  return {
    handles: ({ operation, subresource }) => operation === 'CREATE' && subresource === '',
    matching: (wanted) => wanted.filter((name) => names.includes(name)),
    usage: () => usage,
  };
}

/** A scope's own condition: what it says of the one value that an object has, or has not. */
export function scopeMatches({ operator, values = [] }: Scope, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}
