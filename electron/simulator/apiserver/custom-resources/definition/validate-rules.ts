import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { type FieldError, invalid } from '../../validation/field-error';
import { compileRules } from '../rules/compile';
import { itemsOf, valuesOf } from '../schema/json-schema';
import { ruleText } from './internal';
import { partsOf, RuleCosts } from './rule-costs';

/** Where a part of a schema stands. */
interface Place {
  readonly isResource: boolean;
  /** The nearest part around it that has no counterpart in an update; `undefined`: it has. */
  readonly uncorrelated: string | undefined;
  /** How many such parts an object may have; `undefined`: nothing bounds their number. */
  readonly count: number | undefined;
}

/**
 * That the rules of a schema compile, and what they may cost (apiextensions/validation/validation.go).
 * @param isUnchanged whether the schema was let through before.
 */
export function validateRuleTexts(schema: JsonSchema, path: string, isUnchanged: boolean): FieldError[] {
  const costs = new RuleCosts(!isUnchanged);
  const errors = partErrors(schema, path, { isResource: true, uncorrelated: undefined, count: 1 }, costs);
  return [...errors, ...costs.totalErrors(path)];
}

function partErrors(schema: JsonSchema, path: string, place: Place, costs: RuleCosts): FieldError[] {
  const parts = partsOf(schema);
  const count = place.count === undefined || parts === undefined ? undefined : place.count * parts;
  const within = (part: JsonSchema, name: string, uncorrelated = place.uncorrelated) => {
    const isResource = part['x-kubernetes-embedded-resource'] === true;
    return partErrors(part, `${path}.${name}`, { isResource, uncorrelated, count }, costs);
  };
  const errors: FieldError[] = [];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...within(property, `properties[${name}]`));
  }
  const values = valuesOf(schema);
  if (values !== undefined) errors.push(...within(values, 'additionalProperties'));
  const items = itemsOf(schema);
  if (items !== undefined) {
    const uncorrelated = schema['x-kubernetes-list-type'] === 'map' ? place.uncorrelated : (place.uncorrelated ?? path);
    errors.push(...within(items, 'items', uncorrelated));
  }
  return [...errors, ...ownErrors(schema, `${path}.x-kubernetes-validations`, place, costs)];
}

function ownErrors(
  schema: JsonSchema,
  path: string,
  { isResource, uncorrelated, count }: Place,
  costs: RuleCosts,
): FieldError[] {
  const rules = compileRules(schema, isResource);
  if (rules === undefined) {
    const message = 'Internal error: internal error: failed to retrieve type information for x-kubernetes-validations';
    return [{ type: 'InternalError', field: path, message }];
  }
  return rules.flatMap((compiled, index) => {
    const { rule, error, messageError, usesOldSelf } = compiled;
    const place = `${path}[${index}]`;
    const about = (field: string, detail: string): FieldError => ({
      type: 'FieldValueInvalid',
      field: `${place}.${field}`,
      message: `Invalid value: ${ruleText(rule)}: ${detail}`,
    });
    const errors = costs.observe('rule', `${place}.rule`, compiled.cost * (count ?? compiled.cardinality));
    if (error !== undefined) errors.push(about('rule', error));
    if (messageError !== undefined) errors.push(about('messageExpression', messageError));
    else errors.push(...costs.observe('messageExpression', `${place}.messageExpression`, compiled.messageCost));
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
