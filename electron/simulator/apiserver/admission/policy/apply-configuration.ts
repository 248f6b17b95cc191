import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import { deepCopy, isRecord } from '../../json';
import { configurationProblems, problemsText } from '../../managed-fields/configuration';
import { objectType } from '../../managed-fields/field-type';
import { merge } from '../../managed-fields/merge';
import type { SchemaNode } from '../../patch/schema-node';

/** A configuration is none of its kind, or says something that only a whole object may say. */
export class InapplicableConfiguration extends Error {}

/**
 * An object with a configuration applied by the rules of server-side apply, but that nobody comes to own anything by it
 * (k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch/smd.go, `ApplyStructuredMergeDiff`).
 * @returns a copy.
 * @throws InapplicableConfiguration
 */
export function withConfiguration(
  object: KubeObject,
  configuration: Record<string, unknown>,
  schema: SchemaNode,
): Record<string, unknown> {
  const type = objectType(schema);
  const problems = configurationProblems(configuration, type);
  if (problems.length > 0) {
    throw new InapplicableConfiguration(`failed to convert patch object to typed object: ${problemsText(problems)}`);
  }
  const whole = [...atomicValues(configuration, schema, '')];
  if (whole.length > 0) {
    const list = whole.join(', ');
    throw new InapplicableConfiguration(
      `invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${list}`,
    );
  }
  return deepCopy(merge(object, configuration, type) as Record<string, unknown>);
}

/** Where a value sets lists, maps and structs that can only be replaced: what it leaves out of them would be lost. */
function* atomicValues(value: unknown, schema: SchemaNode | undefined, path: string): Iterable<string> {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    if (schema.listType !== 'map' && schema.listType !== 'set') yield path;
    for (const [index, item] of value.entries()) yield* atomicValues(item, schema.items, `${path}[${index}]`);
  } else if (isRecord(value)) {
    if (schema.mapType === 'atomic' || schema.opaque === true) yield path;
    for (const [name, child] of Object.entries(value)) {
      yield* atomicValues(child, schema.properties?.[name], `${path}.${name}`);
    }
  }
}
