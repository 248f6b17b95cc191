/**
 * Writes generated/openapi.json: the schemas of the kinds that the simulated API serves and of all that they refer to, under
 * upstream's names. Names, types, formats, required fields and documentation come from @kubernetes/client-node's models;
 * which kinds, which fields are quantities, and how lists and structs are merged, from the tables in scripts/openapi/.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tables = join(root, 'scripts', 'openapi');
const models = join(
  dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node/package.json')),
  'dist',
  'gen',
  'models',
);
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';

const readTable = async (name) => JSON.parse(await readFile(join(tables, name), 'utf8'));
const [kinds, metaModels, quantities, lists, structs] = await Promise.all(
  ['kinds.json', 'meta.json', 'quantities.json', 'lists.json', 'structs.json'].map(readTable),
);
const quantityFields = new Set(quantities);

/** `CoreV1Event` is kind Event of v1; the prefix only tells it from another Event. */
function nameParts(model) {
  const [, version, kind] = /^(?:[A-Z][a-z]+)?(V\d+(?:alpha\d+|beta\d+)?)([A-Z].*)$/.exec(model) ?? [];
  if (kind === undefined) throw new Error(`no version in the name of the model ${model}`);
  return { version: version.toLowerCase(), kind };
}

/** The part of a declaration that documents one thing, without the stars. */
function documentation(comment) {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .join(' ')
    .replace(/\\(['"])/g, '$1')
    .trim();
}

async function readModel(model) {
  const [module, declaration] = await Promise.all([
    import(pathToFileURL(join(models, `${model}.js`)).href),
    readFile(join(models, `${model}.d.ts`), 'utf8'),
  ]);
  const body = declaration.slice(declaration.indexOf(`export declare class ${model}`));
  const comments = [...declaration.slice(0, declaration.indexOf(body)).matchAll(/\/\*\*([\s\S]*?)\*\//g)];
  const fields = new Map();
  for (const [, comment, name, optional] of body.matchAll(/(?:\/\*\*([\s\S]*?)\*\/\s*)?'([^']+)'(\?)?:/g)) {
    fields.set(name, { description: documentation(comment ?? ''), required: optional === undefined });
  }
  return { description: documentation(comments.at(-1)?.[1] ?? ''), fields, attributes: module[model].attributeTypeMap };
}

/** Which package of upstream's a model belongs to: `core`, `apps`, … */
const packages = new Map(metaModels.map((model) => [model, 'meta']));
const definitions = {};

function definitionName(model) {
  const { version, kind } = nameParts(model);
  const owner = packages.get(model);
  return owner === 'meta' ? `${META}.${kind}` : `io.k8s.api.${owner}.${version}.${kind}`;
}

/** The schema of a type as the generator wrote it; notes the models that it refers to. */
function schemaOf(type, format, owner, referred) {
  const array = /^Array<(.*)>$/.exec(type);
  if (array !== null) return { type: 'array', items: schemaOf(array[1], format, owner, referred) };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map !== null) return { type: 'object', additionalProperties: schemaOf(map[1], format, owner, referred) };
  switch (type) {
    case 'any':
    case 'object':
      return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    case 'string':
      return format === '' ? { type: 'string' } : { type: 'string', format };
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return format.startsWith('int') ? { type: 'integer', format } : { type: 'number', format: format || 'double' };
    case 'Date':
      return { $ref: `#/definitions/${META}.Time` };
    case 'V1MicroTime':
      return { $ref: `#/definitions/${META}.MicroTime` };
    case 'IntOrString':
      return { $ref: `#/definitions/${INT_OR_STRING}` };
    default:
      if (!packages.has(type)) packages.set(type, owner);
      referred.push(type);
      return { $ref: `#/definitions/${definitionName(type)}` };
  }
}

function asQuantity(schema) {
  const reference = { $ref: `#/definitions/${QUANTITY}` };
  return schema.type === 'object' ? { type: 'object', additionalProperties: reference } : reference;
}

function mergeFacts(fact) {
  return {
    ...(fact.list === undefined ? {} : { 'x-kubernetes-list-type': fact.list }),
    ...(fact.keys === undefined ? {} : { 'x-kubernetes-list-map-keys': fact.keys }),
    ...(fact.key === undefined ? {} : { 'x-kubernetes-patch-merge-key': fact.key }),
    ...(fact.strategy === undefined ? {} : { 'x-kubernetes-patch-strategy': fact.strategy }),
  };
}

const usedFacts = new Set();

async function define(model, kind) {
  const name = definitionName(model);
  if (definitions[name] !== undefined) return;
  definitions[name] = {};
  const { description, fields, attributes } = await readModel(model);
  const owner = packages.get(model);
  const referred = [];
  const properties = {};
  const required = [];
  for (const { name: property, baseName, type, format } of attributes) {
    const path = `${model}.${baseName}`;
    const field = fields.get(property) ?? { description: '', required: false };
    let schema = schemaOf(type, format, owner, referred);
    if (quantityFields.has(path)) schema = asQuantity(schema);
    if (lists[path] !== undefined) Object.assign(schema, mergeFacts(lists[path]));
    usedFacts.add(path);
    properties[baseName] = field.description === '' ? schema : { description: field.description, ...schema };
    if (field.required) required.push(baseName);
  }
  definitions[name] = {
    description,
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties,
    ...(kind === undefined ? {} : { 'x-kubernetes-group-version-kind': [kind] }),
  };
  for (const other of referred) await define(other);
}

Object.assign(definitions, {
  [`${META}.Time`]: { type: 'string', format: 'date-time', description: 'A moment, in RFC 3339.' },
  [`${META}.MicroTime`]: {
    type: 'string',
    format: 'date-time',
    description: 'A moment, in RFC 3339 with microseconds.',
  },
  [QUANTITY]: { type: 'string', description: 'A number with a suffix: 500m, 1.5Gi, 1e3.' },
  [INT_OR_STRING]: { type: 'string', format: 'int-or-string', description: 'A number, or a percentage or a name.' },
});
for (const model of metaModels) await define(model);
// The core group first: what other groups refer to in it must not be taken for theirs.
for (const [owner, { group, models: roots }] of Object.entries(kinds)) {
  for (const model of roots) {
    const { version, kind } = nameParts(model);
    packages.set(model, owner);
    await define(model, { group, version, kind });
    const list = `${model}List`;
    try {
      packages.set(list, owner);
      await define(list, { group, version, kind: `${kind}List` });
    } catch (error) {
      // What is only ever created, as reviews are, has no list.
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      delete definitions[definitionName(list)];
    }
  }
}

// The models leave out what upstream says beside a reference; what the other type says of itself stands in for it.
for (const { properties } of Object.values(definitions)) {
  for (const [name, property] of Object.entries(properties ?? {})) {
    const other = definitions[property.$ref?.slice('#/definitions/'.length)];
    if (property.description === undefined && other?.description) {
      properties[name] = { description: other.description, ...property };
    }
  }
}

function named(path) {
  const dot = path.lastIndexOf('.');
  const schema = definitions[path] ?? definitions[path.slice(0, dot)]?.properties?.[path.slice(dot + 1)];
  if (schema === undefined) throw new Error(`scripts/openapi/structs.json names what does not exist: ${path}`);
  return schema;
}

for (const path of structs.atomic) named(path)['x-kubernetes-map-type'] = 'atomic';
for (const [path, type] of Object.entries(structs.maps)) named(path)['x-kubernetes-map-type'] = type;
// Structs that Go embeds by value: they are never absent.
for (const path of structs.structs) named(path).default = {};
for (const [path, value] of Object.entries(structs.defaults)) named(path).default = value;

const unused = [...Object.keys(lists), ...quantities].filter((path) => !usedFacts.has(path));
if (unused.length > 0) throw new Error(`scripts/openapi names fields that do not exist: ${unused.join(', ')}`);

const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
await mkdir(join(root, 'generated'), { recursive: true });
await writeFile(join(root, 'generated', 'openapi.json'), `${JSON.stringify({ definitions: sorted })}\n`);
