import type {
  DefinitionSubresources,
  PrinterColumn,
  SelectableField,
} from '../../../../../shared/kubernetes/custom-resource-definitions';
import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { duplicate, type FieldError, invalid, required, tooMany } from '../../validation/field-error';
import { FieldPathError, resolveFieldPath } from './field-path';

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const MOST_SELECTABLE = 8;

/** A column of `kubectl get` (ValidateCustomResourceColumnDefinition). */
export function validateColumn({ name, type, format, jsonPath }: PrinterColumn, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required(`${path}.name`));
  const types = `must be one of ${COLUMN_TYPES.join(',')}`;
  if (!type) errors.push(required(`${path}.type`, types));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(`${path}.type`, type, types));
  if (format && !COLUMN_FORMATS.includes(format)) {
    errors.push(invalid(`${path}.format`, format, `must be one of ${COLUMN_FORMATS.join(',')}`));
  }
  return [...errors, ...(jsonPath ? simplePath(jsonPath, `${path}.JSONPath`) : [required(`${path}.JSONPath`)])];
}

function simplePath(text: string, field: string): FieldError[] {
  return text.startsWith('.') ? [] : [invalid(field, text, 'must be a simple json path starting with .')];
}

/** The paths of the scale subresource (ValidateCustomResourceDefinitionSubresources). */
export function validateSubresources(subresources: DefinitionSubresources | undefined, path: string): FieldError[] {
  const scale = subresources?.scale;
  if (scale === undefined) return [];
  const below = (text: string, roots: readonly string[], where: string, field: string) => {
    const errors = simplePath(text, field);
    if (errors.length > 0 || roots.some((root) => text.startsWith(root))) return errors;
    return [invalid(field, text, `should be a json path under ${where}`)];
  };
  const needed = (text: string, root: string, field: string) =>
    text ? below(text, [`${root}.`], root, field) : [required(field)];
  return [
    ...needed(scale.specReplicasPath, '.spec', `${path}.scale.specReplicasPath`),
    ...needed(scale.statusReplicasPath, '.status', `${path}.scale.statusReplicasPath`),
    ...(scale.labelSelectorPath
      ? below(
          scale.labelSelectorPath,
          ['.spec.', '.status.'],
          'either .spec or .status',
          `${path}.scale.labelSelectorPath`,
        )
      : []),
  ];
}

/**
 * The fields that a field selector may name (ValidateCustomResourceSelectableFields).
 * @param allowMore whether a definition from before has as many already.
 */
export function validateSelectableFields(
  fields: readonly SelectableField[],
  schema: JsonSchema,
  path: string,
  allowMore: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, { jsonPath }] of fields.entries()) {
    const field = `${path}[${index}].jsonPath`;
    if (!jsonPath) {
      errors.push(required(field));
      continue;
    }
    try {
      const found = resolveFieldPath(jsonPath, schema, false);
      if (found.root === 'metadata') errors.push(invalid(field, jsonPath, 'must not point to fields in metadata'));
      if (!['string', 'boolean', 'integer'].includes(found.schema.type ?? '')) {
        const detail =
          'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
        errors.push(invalid(field, jsonPath, detail));
      }
      if (seen.has(found.path)) errors.push(duplicate(field, jsonPath));
      seen.add(found.path);
    } catch (error) {
      if (!(error instanceof FieldPathError)) throw error;
      errors.push(invalid(field, jsonPath, `is an invalid path: ${error.message}`));
    }
  }
  if (seen.size > MOST_SELECTABLE && !allowMore) errors.push(tooMany(path, seen.size, MOST_SELECTABLE));
  return errors;
}
