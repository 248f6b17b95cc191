import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { Result } from './result';

/**
 * `anyOf`, `oneOf`, `allOf` and `not` (kube-openapi's validation/validate/schema_props.go).
 * @param validate judges the value by one of the schemas.
 */
export function combined(
  schema: JsonSchema,
  value: unknown,
  path: string,
  validate: (schema: JsonSchema, value: unknown, path: string) => Result,
): Result {
  const result = new Result();
  const name = JSON.stringify(path);
  const refuse = (message: string) => result.add({ code: 'other', path: undefined, message });
  const results = (schemas: readonly JsonSchema[]) => schemas.map((each) => validate(each, value, path));

  if (schema.anyOf !== undefined && schema.anyOf.length > 0) {
    const parts = results(schema.anyOf);
    const fitting = parts.find(({ isValid }) => isValid);
    if (fitting === undefined) refuse(`${name} must validate at least one schema (anyOf)`);
    const told = fitting ?? nearest(parts);
    if (told !== undefined) result.merge(told);
  }
  if (schema.oneOf !== undefined && schema.oneOf.length > 0) {
    const parts = results(schema.oneOf);
    const fitting = parts.filter(({ isValid }) => isValid);
    if (fitting.length === 1 && fitting[0] !== undefined) result.merge(fitting[0]);
    else {
      const found = fitting.length === 0 ? 'Found none valid' : `Found ${fitting.length} valid alternatives`;
      refuse(`${name} must validate one and only one schema (oneOf). ${found}`);
      const best = fitting.length === 0 ? nearest(parts) : undefined;
      if (best !== undefined) result.merge(best);
    }
  }
  if (schema.allOf !== undefined && schema.allOf.length > 0) {
    const parts = results(schema.allOf);
    for (const part of parts) result.merge(part);
    const fitting = parts.filter(({ isValid }) => isValid).length;
    if (fitting < parts.length) {
      refuse(`${name} must validate all the schemas (allOf)${fitting === 0 ? '. None validated' : ''}`);
    }
  }
  if (schema.not !== undefined && validate(schema.not, value, path).isValid) {
    refuse(`${name} must not validate the schema (not)`);
  }
  result.matches++;
  return result;
}

/** Of the schemas that do not fit, the first of those that came furthest. */
function nearest(results: readonly Result[]): Result | undefined {
  let best: Result | undefined;
  for (const result of results) if (best === undefined || result.matches > best.matches) best = result;
  return best;
}
