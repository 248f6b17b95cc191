import { isRecord } from '../json';
import { byElement, fieldOf } from './compare';
import { type FieldSet, type FieldTree, isMember, LEAF, node, pathElement, union } from './field-set';
import { type FieldType, itemElement, type ListType, type StructType } from './field-type';

/** What one applies: the fields that somebody has an opinion about. */

/** The fields that a configuration sets (structured-merge-diff typed/tofieldset.go). */
export function fieldsOf(configuration: object, type: StructType): FieldSet {
  return fieldsOfValue(configuration, type);
}

function fieldsOfValue(value: unknown, type: FieldType): FieldSet {
  const result: Record<string, FieldTree> = {};
  if (type.shape === 'list' && Array.isArray(value)) {
    for (const [element, items] of byElement(value, type)) {
      result[element] = union(LEAF, fieldsOfValue(items[0], type.items)) ?? LEAF;
    }
    return node(false, result);
  }
  if (type.shape === 'leaf' || type.shape === 'list' || !isRecord(value)) return LEAF;
  for (const [key, child] of Object.entries(value)) {
    const field = fieldOf(type, key);
    if (field.stripped || child === undefined) continue;
    const below = fieldsOfValue(child, field.type);
    // A struct's fields are there by the type alone; entries of a map are set, and so is what is set to nothing.
    const set = type.shape === 'map' || (isRecord(child) && Object.keys(child).length === 0);
    const tree = set ? union(LEAF, below) : below;
    if (tree !== undefined) result[field.element] = tree;
  }
  return node(false, result);
}

/**
 * The set with those structs' fields as members that are there only by what is below them (fieldpath's
 * EnsureNamedFieldsAreMembers).
 */
export function withNamedFields(set: FieldSet, type: FieldType, named = false): FieldSet {
  if (set === undefined) return undefined;
  const children: Record<string, FieldTree> = {};
  for (const [element, tree] of Object.entries(set)) {
    if (element === '.') continue;
    const key = element.slice(2);
    const field = type.shape === 'list' ? undefined : fieldOf(type, key);
    const isField = type.shape === 'struct' && type.fields.has(key);
    const child = withNamedFields(tree, type.shape === 'list' ? type.items : (field?.type ?? type), isField);
    if (child !== undefined) children[element] = child;
  }
  return node(named || isMember(set), children);
}

/** What a configuration must not be, with the texts of structured-merge-diff. */
export function configurationProblems(value: unknown, type: FieldType, path = ''): string[] {
  if (value === null || value === undefined) return [];
  if (type.shape === 'list' && Array.isArray(value)) return listProblems(value, type, path);
  if (type.shape === 'leaf' || type.shape === 'list' || !isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (type.shape === 'struct' && !type.open && !type.fields.has(key)) {
      return [`${path}.${key}: field not declared in schema`];
    }
    return configurationProblems(child, fieldOf(type, key).type, `${path}.${key}`);
  });
}

function listProblems(list: readonly unknown[], type: ListType, path: string): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const element = itemElement(type, item);
    if (element === undefined) {
      const missing = type.keys.find(({ name }) => !isRecord(item) || item[name] === undefined)?.name ?? '';
      problems.push(
        `${path}: element ${index}: associative list with keys has an element that omits key field ${JSON.stringify(missing)} (and doesn't have default value)`,
      );
      continue;
    }
    if (seen.has(element)) problems.push(`${path}: duplicate entries for key ${pathElement(element)}`);
    seen.add(element);
    problems.push(...configurationProblems(item, type.items, `${path}${pathElement(element)}`));
  }
  return problems;
}
