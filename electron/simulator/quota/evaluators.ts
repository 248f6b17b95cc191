import type { KubeObject, ResourceQuota } from '../../../shared/kubernetes/objects';
import {
  groupResourceOf,
  persistentVolumeClaims,
  pods,
  type Resource,
  services,
} from '../../../shared/kubernetes/resources';
import { type Evaluator, objectCount, type Scope } from './evaluator';
import { persistentVolumeClaimEvaluator } from './persistent-volume-claims';
import { podEvaluator } from './pods';
import { serviceEvaluator } from './services';

type Named = Pick<Resource, 'group' | 'resource'>;

const evaluators = new Map<string, Evaluator>([
  listed(pods, podEvaluator),
  listed(services, serviceEvaluator),
  listed(persistentVolumeClaims, persistentVolumeClaimEvaluator),
]);

/** An evaluator is only ever given objects of its own resource: that makes forgetting their type sound. */
function listed<T extends KubeObject>(resource: Resource<T>, evaluator: Evaluator<T>): [string, Evaluator] {
  return [groupResourceOf(resource), evaluator as unknown as Evaluator];
}

/** What no quota looks at: what is not stored, and events (pkg/quota/v1/install/registry.go). */
const IGNORED = new Set([
  'bindings',
  'componentstatuses',
  'tokenreviews.authentication.k8s.io',
  'selfsubjectreviews.authentication.k8s.io',
  'subjectaccessreviews.authorization.k8s.io',
  'selfsubjectaccessreviews.authorization.k8s.io',
  'localsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectrulesreviews.authorization.k8s.io',
  'events',
  'events.events.k8s.io',
]);

/** @returns `undefined` for what no quota looks at. */
export function evaluatorFor(resource: Named): Evaluator | undefined {
  const name = groupResourceOf(resource);
  if (IGNORED.has(name)) return undefined;
  let evaluator = evaluators.get(name);
  if (evaluator === undefined) {
    // Made when first needed, as upstream does: custom resources come at any time.
    evaluator = objectCount(resource);
    evaluators.set(name, evaluator);
  }
  return evaluator;
}

/** All the conditions that a quota puts on what it counts. */
export function scopesOf({ spec }: ResourceQuota): Scope[] {
  return [
    ...(spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...(spec?.scopeSelector?.matchExpressions ?? []),
  ];
}

/** Whether an object is within all of them. */
export function isInScopes(evaluator: Evaluator, scopes: readonly Scope[], object: KubeObject): boolean {
  return scopes.every((scope) => evaluator.inScope?.(scope, object) === true);
}
