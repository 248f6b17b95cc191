/**
 * CEL, the Common Expression Language, with Kubernetes' libraries: what kube-apiserver v1.35 compiles and evaluates in
 * admission policies, webhooks' match conditions and validation rules of custom resources.
 *
 * Of libraries there were `@marcbachmann/cel-js` 8.0.0 and `@bufbuild/cel` 0.6.1. The first has a checker that stops at the
 * first mistake, in words of its own, knows no type parameters for functions, and counts no cost. The second has no checker yet
 * (constants and identifiers only), and its parser knows neither optionals (`a.?b`) nor macros with two variables. Here an
 * error's text is part of the API, whole: people learn from it, and clients show it. So the grammar is upstream's own, run by
 * `antlr4ng`, the parser generator's well-kept runtime, which gives upstream's syntax errors to the letter; `re2js` is Go's
 * regular expressions, which no pattern can hang; and between them types are checked and expressions evaluated as cel-go does
 * it, costs counted.
 */
export { CostLimitExceeded, PER_CALL_LIMIT } from './cost/runtime';
export { answers, bindingsOf, compile } from './environment';
export { AUTHORIZER, AuthorizerValue, RESOURCE_CHECK, resourceCheck } from './library/authorization';
export { GoValue } from './mutation/go-value';
export { checkTypeNames, jsonValue, nativeObject } from './mutation/native';
export { JSON_PATCH, OBJECT } from './mutation/patch-types';
export { escapeProperty, unescapeProperty } from './schema/escaping';
export type { Schema } from './schema/schema';
export { schemaSizes } from './schema/sizes';
export { schemaType } from './schema/types';
export { dynamicValue, typedValue } from './schema/values';
export * as celTypes from './types';
export { LazyMap, StructValue } from './values/struct-value';
export { CelList, EvaluationError, Optional, type Value } from './values/value';
