import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { type FieldError, forbidden } from '../../validation/field-error';
import { valuesOf } from '../schema/json-schema';

/** What one rule may cost by estimate, and all rules of a version together (apiextensions/validation/validation.go). */
const RULE_LIMIT = 10_000_000;
const TOTAL_LIMIT = 100_000_000;

/** How many rules are named when they cost too much together, of those that cost a hundredth of that by themselves. */
const NAMED = 4;

const ADVICE =
  '(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)';

/** Adds up what the rules of a version may cost (apiextensions/validation/cel_validation.go, `TotalCost`). */
export class RuleCosts {
  readonly #refusesSingle: boolean;
  #total = 0;
  readonly #expensive: { readonly path: string; readonly cost: number }[] = [];

  /** @param refusesSingle whether a single rule may not cost too much: unless it stands in a schema that was let through before. */
  constructor(refusesSingle: boolean) {
    this.#refusesSingle = refusesSingle;
  }

  /** @returns what is wrong with the cost. */
  observe(what: string, path: string, cost: number): FieldError[] {
    this.#total += cost;
    if (cost >= TOTAL_LIMIT / 100) this.#expensive.push({ path, cost });
    if (!this.#refusesSingle || cost <= RULE_LIMIT) return [];
    return [forbidden(path, excess(`estimated ${what} cost`, cost, RULE_LIMIT))];
  }

  /** @param path of the schema. */
  totalErrors(path: string): FieldError[] {
    if (this.#total <= TOTAL_LIMIT) return [];
    const worst = [...this.#expensive].sort((a, b) => b.cost - a.cost).slice(0, NAMED);
    const detail = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    return [
      ...worst.map((rule) => forbidden(rule.path, detail)),
      forbidden(path, excess(what, this.#total, TOTAL_LIMIT)),
    ];
  }
}

/** `getCostErrorMessage`. */
function excess(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const shown = factor > 100 ? 'more than 100' : factor.toFixed(factor < 1.5 ? 6 : 1);
  return `${what} exceeds budget by factor of ${shown}x ${ADVICE}`;
}

/** How many parts there may be of each value of a schema; `undefined`: nothing bounds that (`extractMaxElements`). */
export function partsOf(schema: JsonSchema): number | undefined {
  const { type, maxItems, maxProperties } = schema;
  if (type === 'array') return maxItems === undefined ? undefined : Math.max(0, maxItems);
  if (type !== 'object' || (valuesOf(schema) === undefined && schema.additionalProperties === undefined)) return 1;
  return maxProperties === undefined ? undefined : Math.max(0, maxProperties);
}
