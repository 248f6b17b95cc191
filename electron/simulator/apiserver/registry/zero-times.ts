import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import { isRecord } from '../json';
import { isAlternative } from '../protobuf/alternatives';
import { type Field, messageOf, messageOfKind } from '../protobuf/messages';
import type { ResourceDefinition } from './definition';

/** Where a struct has times: members of its own, and members that hold structs. */
interface Plan {
  readonly times: readonly string[];
  readonly parts: readonly { readonly name: string; readonly shape: Field['shape']; readonly plan: Plan }[];
}

/** Metadata has times that are left out (`omitzero`). */
const METADATA = 'meta.v1.ObjectMeta';
const NONE: Plan = { times: [], parts: [] };

const plans = new Map<string, Plan>();

/**
 * Says of every time that nobody has set that it is none. Go's times are structs, which `omitempty` never leaves out: they are
 * written as null (apimachinery/pkg/apis/meta/v1/time.go MarshalJSON).
 */
export function fillZeroTimes(
  { resource, isCustom }: Pick<ResourceDefinition, 'resource' | 'isCustom'>,
  object: KubeObject,
): void {
  // A custom kind may be named as one of Go's.
  if (isCustom !== true) fill(object, planOf(resource));
}

function planOf({ kind, ...resource }: Pick<Resource, 'group' | 'version' | 'kind'>): Plan {
  const apiVersion = apiVersionOf(resource);
  const key = `${apiVersion} ${kind}`;
  let plan = plans.get(key);
  if (plan === undefined) {
    const message = messageOfKind(apiVersion, kind);
    plan = message === undefined ? NONE : planOfFields([...message.values()], new Set());
    plans.set(key, plan);
  }
  return plan;
}

function planOfFields(fields: readonly Field[], within: ReadonlySet<string>): Plan {
  const times: string[] = [];
  const parts: Plan['parts'][number][] = [];
  for (const { name, type, shape, optional } of fields) {
    if (type === 'Time' || type === 'MicroTime') {
      if (shape === 'single' && !optional) times.push(name);
      continue;
    }
    const message = messageOf(type);
    if (message === undefined || type === METADATA || isAlternative(type) || within.has(type)) continue;
    const plan = planOfFields([...message.values()], new Set(within).add(type));
    if (plan.times.length === 0 && plan.parts.length === 0) continue;
    if (name === '.') {
      times.push(...plan.times);
      parts.push(...plan.parts);
    } else parts.push({ name, shape, plan });
  }
  return { times, parts };
}

function fill(struct: unknown, { times, parts }: Plan): void {
  if (!isRecord(struct)) return;
  for (const time of times) struct[time] ??= null;
  for (const { name, shape, plan } of parts) {
    const value = struct[name];
    if (value === undefined || value === null) continue;
    if (shape === 'single') fill(value, plan);
    else for (const item of Object.values(value)) fill(item, plan);
  }
}
