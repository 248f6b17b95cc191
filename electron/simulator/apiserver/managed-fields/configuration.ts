import { GoValue } from '../../../../shared/kubernetes/cel';
import { goSyntax, goText, goType } from '../go-text';
import { isRecord } from '../json';
import { byElement, fieldOf } from './compare';
import { type FieldSet, type FieldTree, isMember, LEAF, node, pathElement, union } from './field-set';
import { ANY, type FieldType, itemElement, type LeafType, type ListType, type StructType } from './field-type';

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

/** Several problems as one. */
export function problemsText(problems: readonly string[]): string {
  return problems.length === 1 ? (problems[0] ?? '') : ['errors:', ...problems].join('\n  ');
}

/** What a configuration must not be, with the texts of structured-merge-diff. */
export function configurationProblems(value: unknown, type: FieldType, path = ''): string[] {
  if (value === null || value === undefined) return [];
  if (type.shape === 'leaf') return leafProblems(value, type, path);
  if (type.shape === 'list') {
    return Array.isArray(value) ? listProblems(value, type, path) : [`${path}: expected list, got &{${goText(value)}}`];
  }
  if (!isMap(value)) {
    // Where nothing is known, a map is only how it would be divided.
    const isKnown = type.shape === 'struct' || type.values !== ANY;
    return isKnown ? [`${path}: expected map, got &{${goText(value)}}`] : [];
  }
  return Object.entries(value)
    .sort(byKey)
    .flatMap(([key, child]) => {
      if (type.shape === 'struct' && !type.open && !type.fields.has(key)) {
        return [`${path}.${key}: field not declared in schema`];
      }
      return configurationProblems(child, fieldOf(type, key).type, `${path}.${key}`);
    });
}

/** What an expression has made besides JSON is none. */
function isMap(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !(value instanceof GoValue);
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

function leafProblems(value: unknown, { scalar, items }: LeafType, path: string): string[] {
  if (items !== undefined) {
    return Array.isArray(value)
      ? value.flatMap((item, index) => configurationProblems(item, items, `${path}[${index}]`))
      : [`${path}: expected list, got &{${goText(value)}}`];
  }
  switch (scalar) {
    case 'string':
      return typeof value === 'string'
        ? []
        : [`${path}: expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`];
    case 'numeric':
      return typeof value === 'number' || typeof value === 'bigint'
        ? []
        : [`${path}: expected numeric (int or float), got ${goType(value)}`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path}: expected boolean, got &{${goText(value)}}`];
    case 'any':
      return typeof value === 'object' ? [`${path}: expected any scalar, got &{${goText(value)}}`] : [];
    default:
      return [];
  }
}

function listProblems(list: readonly unknown[], type: ListType, path: string): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    if (type.keys.length > 0 && !isMap(item)) {
      const what = item === null || item === undefined ? 'a null element' : 'non-map elements';
      problems.push(`${path}: element ${index}: associative list with keys may not have ${what}`);
      continue;
    }
    const element = itemElement(type, item);
    if (element === undefined) {
      const keys = type.keys.map(({ name }) => JSON.stringify(name)).join(' ');
      problems.push(
        `${path}: element ${index}: associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`,
      );
      continue;
    }
    if (seen.has(element)) problems.push(`${path}: duplicate entries for key ${pathElement(element)}`);
    seen.add(element);
    problems.push(...configurationProblems(item, type.items, `${path}${pathElement(element)}`));
  }
  return problems;
}
