import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { type FieldError, invalid } from '../../validation/field-error';
import { compileRules } from '../rules/compile';
import { itemsOf, valuesOf } from '../schema/json-schema';
import { ruleText } from './internal';

/**
 * That the rules of a schema compile (apiextensions/validation/validation.go). Upstream also estimates what each may cost
 * at most, which cannot be told here.
 * @param uncorrelated the nearest part around it that has no counterpart in an update; `undefined`: it has.
 */
export function validateRuleTexts(
  schema: JsonSchema,
  path: string,
  isResource = true,
  uncorrelated?: string,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isEmbedded = property['x-kubernetes-embedded-resource'] === true;
    errors.push(...validateRuleTexts(property, `${path}.properties[${name}]`, isEmbedded, uncorrelated));
  }
  const values = valuesOf(schema);
  if (values !== undefined) {
    const isEmbedded = values['x-kubernetes-embedded-resource'] === true;
    errors.push(...validateRuleTexts(values, `${path}.additionalProperties`, isEmbedded, uncorrelated));
  }
  const items = itemsOf(schema);
  if (items !== undefined) {
    const within = schema['x-kubernetes-list-type'] === 'map' ? uncorrelated : (uncorrelated ?? path);
    const isEmbedded = items['x-kubernetes-embedded-resource'] === true;
    errors.push(...validateRuleTexts(items, `${path}.items`, isEmbedded, within));
  }
  return [...errors, ...ownErrors(schema, `${path}.x-kubernetes-validations`, isResource, uncorrelated)];
}

function ownErrors(schema: JsonSchema, path: string, isResource: boolean, uncorrelated?: string): FieldError[] {
  const rules = compileRules(schema, isResource);
  if (rules === undefined) {
    const message = 'Internal error: internal error: failed to retrieve type information for x-kubernetes-validations';
    return [{ type: 'InternalError', field: path, message }];
  }
  return rules.flatMap(({ rule, error, messageError, usesOldSelf }, index) => {
    const place = `${path}[${index}]`;
    const about = (field: string, detail: string): FieldError => ({
      type: 'FieldValueInvalid',
      field: `${place}.${field}`,
      message: `Invalid value: ${ruleText(rule)}: ${detail}`,
    });
    const errors: FieldError[] = [];
    if (error !== undefined) errors.push(about('rule', error));
    if (messageError !== undefined) errors.push(about('messageExpression', messageError));
    if (usesOldSelf) {
      if (uncorrelated !== undefined) {
        const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`;
        errors.push(invalid(`${place}.rule`, rule.rule, detail));
      }
    } else if (rule.optionalOldSelf !== undefined) {
      const detail = 'may not be set if oldSelf is not used in rule';
      errors.push(invalid(`${place}.optionalOldSelf`, rule.optionalOldSelf, detail));
    }
    return errors;
  });
}
