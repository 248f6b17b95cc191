import type { ScalePaths } from '../../../../shared/kubernetes/custom-resource-definitions';
import type { JsonSchema } from '../../../../shared/kubernetes/json-schema';
import { qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import { deepEqual } from '../json';
import { ALL_METADATA, type Strategy, type Warn } from '../registry/definition';
import { forbidden } from '../status-errors';
import type { FieldError, FieldErrorType } from '../validation/field-error';
import { complete } from './decode';
import { hasRules } from './rules/compile';
import { validateRules } from './rules/validate';
import { validateScale } from './scale';
import { validateEmbedded } from './schema/embedded';
import { propertyOf } from './schema/json-schema';
import { validateListTypes } from './schema/list-types';
import { Correlation } from './values/correlation';
import { fieldErrors } from './values/field-errors';
import { validateValue } from './values/validate';

/** What the rules of one version of a custom resource are made of. */
export interface CustomResourceRules {
  readonly resource: Resource;
  readonly schema: JsonSchema;
  readonly hasStatus: boolean;
  readonly scale: ScalePaths | undefined;
  /** Whether the definition is going away by now. */
  terminating(): boolean;
}

type Custom = KubeObject & { status?: unknown };

/** apiextensions' registry/customresource/strategy.go and status_strategy.go. */
export function customResourceStrategy(rules: CustomResourceRules): Strategy<KubeObject> {
  const { resource, schema, hasStatus, scale, terminating } = rules;
  const bumps = (object: KubeObject, old: KubeObject) => !deepEqual(withoutMetadata(object), withoutMetadata(old));
  return {
    allowUnconditionalUpdate: false,
    statusKeeps: ALL_METADATA,
    // An object is a record.
    applyDefaults: (object) => complete(object as unknown as Record<string, unknown>, schema),
    prepareForCreate(object: Custom) {
      if (terminating()) {
        const why = 'create not allowed while custom resource definition is terminating';
        throw forbidden(resource, object.metadata.name ?? '', why);
      }
      if (hasStatus) delete object.status;
      object.metadata.generation = 1;
    },
    prepareForUpdate(object: Custom, old: Custom) {
      if (!hasStatus) return;
      if (old.status === undefined) delete object.status;
      else object.status = old.status;
    },
    bumpsGeneration: bumps,
    validateCreate(object) {
      const errors = [...fieldErrors(validateValue(schema, object, ''), ''), ...validateScale(object, scale)];
      return errors.concat(wholeErrors(schema, object, undefined, errors, IGNORE));
    },
    validateUpdate(object, old, _, warn) {
      const errors = [
        ...fieldErrors(validateValue(schema, object, '', new Correlation(object, old, schema)), ''),
        ...validateScale(object, scale),
      ];
      return errors.concat(wholeErrors(schema, object, old, errors, warn));
    },
    validateStatusUpdate: (object: Custom, old: Custom, warn) => statusErrors(schema, object, old, scale, warn),
    warnings: finalizerWarnings,
  };
}

function withoutMetadata({ metadata: _, ...rest }: KubeObject): object {
  return rest;
}

/** A new object has nothing that it may keep. */
const IGNORE: Warn = () => undefined;

/**
 * What no part of an object can be told by itself.
 * @param earlier what is wrong with the parts.
 * @param warn takes the rules that fail for what has not changed.
 */
function wholeErrors(
  schema: JsonSchema,
  object: KubeObject,
  old: KubeObject | undefined,
  earlier: readonly FieldError[],
  warn: Warn,
): FieldError[] {
  const errors = validateEmbedded(object, schema);
  const doubled = validateListTypes(object, schema, '');
  // Lists that had an item twice before may keep it.
  const mayStay = doubled.length > 0 && old !== undefined && validateListTypes(old, schema, '').length > 0;
  if (!mayStay) errors.push(...doubled);
  // That there is no name the registry says.
  const isNamed = Boolean(object.metadata.name);
  if (!hasRules(schema)) return errors;
  if (!isNamed || [...earlier, ...errors].some(({ type }) => BLOCKING.has(type))) return [...errors, BLOCKED];
  const correlation = old === undefined ? undefined : new Correlation(object, old, schema);
  const verdict = validateRules(schema, object, old, '', correlation);
  for (const warning of verdict.warnings) warn(warning);
  return errors.concat(verdict.errors);
}

const BLOCKING: ReadonlySet<FieldErrorType> = new Set<FieldErrorType>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** Rules are not asked of what they cannot count on. */
const BLOCKED: FieldError = {
  type: 'FieldValueInvalid',
  field: '<nil>',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

function statusErrors(
  schema: JsonSchema,
  object: Custom,
  old: Custom,
  scale: ScalePaths | undefined,
  warn: Warn,
): FieldError[] {
  const statusSchema = propertyOf(schema, 'status');
  const errors: FieldError[] = [];
  if (object.status !== undefined && statusSchema !== undefined) {
    const correlation = new Correlation(object.status, old.status, statusSchema);
    errors.push(...fieldErrors(validateValue(statusSchema, object.status, '', correlation), 'status'));
  }
  errors.push(...validateScale(object, scale));
  return errors.concat(wholeErrors(schema, object, old, errors, warn));
}

const STANDARD_FINALIZERS = ['orphan', 'foregroundDeletion', 'kubernetes'];

/** Finalizers that others might take for their own. */
function finalizerWarnings({ metadata }: KubeObject, old: KubeObject | undefined): string[] {
  const had = new Set(old?.metadata.finalizers);
  const added = (metadata.finalizers ?? []).filter((finalizer) => !had.has(finalizer)).sort();
  return added.flatMap((finalizer) => {
    const at = `metadata.finalizers: ${JSON.stringify(finalizer)}`;
    const warnings = qualifiedNameProblems(finalizer).map((problem) => `${at}: ${problem}`);
    if (finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer)) return warnings;
    const path = finalizer.includes('.') ? ' including a path (/)' : '';
    const advice = `prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`;
    return [...warnings, `${at}: ${advice}`];
  });
}
