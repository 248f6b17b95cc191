import { apiVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import type { ResourceDefinition } from '../registry/definition';
import type { VirtualResource } from '../registry/virtual-resource';
import { definitions, referredName, type Schema } from '../schema/document';
import { customSchemas } from './custom-schemas';
import { groupOperation, rootOperations, versionOperation } from './discovery-operations';
import { CUSTOM_INFO, INFO, SECURITY } from './info';
import { CODES, type Operation, type Parameter, type Path, pathsOf } from './operation';
import { operationsOf, virtualOperationsOf } from './operations';

type Json = Readonly<Record<string, unknown>>;

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** What a document tells of. */
export interface Members {
  readonly served: readonly ResourceDefinition[];
  readonly virtual: readonly VirtualResource[];
}

/** Everything in OpenAPI v3 by the names that `/openapi/v3` lists: `api/v1`, `apis/apps`, `apis/apps/v1`, `version`. */
export class OpenApiV3 {
  readonly #served: readonly ResourceDefinition[];
  readonly #virtual: readonly VirtualResource[];

  constructor(served: readonly ResourceDefinition[], virtualResources: readonly VirtualResource[] = []) {
    this.#served = served;
    this.#virtual = virtualResources;
  }

  /** In the order of their letters. */
  get names(): string[] {
    const names = new Set(Object.keys(rootOperations));
    for (const { resource } of [...this.#served, ...this.#virtual]) names.add(nameOf(resource));
    // Upstream knows custom resources by their versions alone.
    for (const { resource, isCustom } of this.#served) {
      if (resource.group !== '' && isCustom !== true) names.add(`apis/${resource.group}`);
    }
    for (const { resource } of this.#virtual) if (resource.group !== '') names.add(`apis/${resource.group}`);
    return [...names].sort();
  }

  /** All that a document is made of: with the same, it is the same. */
  membersOf(name: string): Members {
    return {
      served: this.#served.filter(({ resource }) => nameOf(resource) === name),
      virtual: this.#virtual.filter(({ resource }) => nameOf(resource) === name),
    };
  }

  /** @returns `undefined` when nothing goes by that name. */
  document(name: string): Json | undefined {
    if (!this.names.includes(name)) return undefined;
    const { served, virtual } = this.membersOf(name);
    const isCustom = served.length > 0 && served.every((definition) => definition.isCustom === true);
    const paths = pathsOf([
      ...served.flatMap(operationsOf),
      ...virtual.flatMap(virtualOperationsOf),
      ...(isCustom ? [] : discoveryOperations(name)),
    ]);
    const items = Object.fromEntries(paths.map((path) => [path.path, pathItem(path)]));
    const custom = customSchemas(served, 'v3', referenceBeside);
    const known = schemasOf([...served, ...virtual], { items, custom });
    const schemas = { ...known, ...custom };
    return {
      openapi: '3.0.0',
      info: isCustom ? CUSTOM_INFO : INFO,
      paths: items,
      components: {
        ...(Object.keys(schemas).length === 0 ? {} : { schemas }),
        ...(isCustom ? {} : { securitySchemes: SECURITY }),
      },
    };
  }
}

/** `api/v1`, or `apis/apps/v1`. */
function nameOf(resource: Resource): string {
  return resource.group === '' ? `api/${resource.version}` : `apis/${apiVersionOf(resource)}`;
}

function discoveryOperations(name: string): Operation[] {
  const root = rootOperations[name];
  if (root !== undefined) return [root];
  const [kind, first = '', second] = name.split('/');
  if (kind === 'api') return [versionOperation('', first)];
  return [second === undefined ? groupOperation(first) : versionOperation(first, second)];
}

/** All schemas that the kinds of some resources reach, and those that the rest of their document names. */
function schemasOf(here: readonly { readonly resource: Resource }[], rest: Json): Json {
  const all = definitions();
  const reached = new Set<string>();
  const follow = (name: string) => {
    const schema = all[name];
    if (schema === undefined || reached.has(name)) return;
    reached.add(name);
    for (const referred of references(schema)) follow(referredName(referred));
  };
  const own = new Set(here.map(({ resource: { kind, ...others } }) => `${apiVersionOf(others)} ${kind}`));
  for (const [name, schema] of Object.entries(all)) {
    const kinds = schema['x-kubernetes-group-version-kind'] ?? [];
    if (kinds.some((kind) => own.has(`${apiVersionOf(kind)} ${kind.kind}`))) follow(name);
  }
  for (const [, name = ''] of JSON.stringify(rest).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) follow(name);
  return Object.fromEntries([...reached].sort().map((name) => [name, definition(name, all[name] ?? {})]));
}

function* references(schema: Schema): Iterable<string> {
  if (schema.$ref !== undefined) yield schema.$ref;
  if (schema.items !== undefined) yield* references(schema.items);
  if (schema.additionalProperties !== undefined) yield* references(schema.additionalProperties);
  for (const property of Object.values(schema.properties ?? {})) yield* references(property);
}

/** Types that JSON has two of, which v2 has no words for (`OpenAPIV3OneOfTypes`). */
const TWO_TYPES: Readonly<Record<string, readonly string[]>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': ['string', 'number'],
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': ['integer', 'string'],
};

function definition(name: string, { type, ...schema }: Schema): Json {
  const types = TWO_TYPES[name];
  return types === undefined
    ? asV3({ ...(type === undefined ? {} : { type }), ...schema })
    : { ...schema, oneOf: types.map((each) => ({ type: each })) };
}

/** In v3 a reference with anything beside it is written as a list of one. */
function referenceBeside(name: string, beside: Json = {}): Json {
  return Object.keys(beside).length === 0 ? reference(name) : { ...beside, allOf: [reference(name)] };
}

function asV3(schema: Schema): Json {
  const { $ref, items, additionalProperties, properties, ...rest } = schema;
  if ($ref !== undefined) return referenceBeside(referredName($ref), rest);
  return {
    ...rest,
    ...(items === undefined ? {} : { items: asV3(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: asV3(additionalProperties) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, item]) => [name, asV3(item)])) }),
  };
}

function pathItem({ shared, operations }: Path): Json {
  return {
    ...Object.fromEntries(operations.map((each) => [each.method, operation(each)])),
    ...(shared.length === 0 ? {} : { parameters: shared.map(parameter) }),
  };
}

function operation(facts: Operation): Json {
  const { body, answer, action, kind, consumes = [], produces } = facts;
  const schema = answer === undefined ? { type: 'string' } : reference(answer);
  const content = (types: readonly string[], of: Json) =>
    Object.fromEntries([...types].sort().map((type) => [type, { schema: of }]));
  return {
    tags: [facts.tag],
    description: facts.description,
    operationId: facts.id,
    ...(facts.parameters.length === 0 ? {} : { parameters: facts.parameters.map(parameter) }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            content: content(consumes, reference(body.schema)),
            ...(body.isRequired ? { required: true } : {}),
          },
        }),
    responses: {
      ...Object.fromEntries(
        facts.codes.map((code) => [code, { description: CODES[code], content: content(produces, schema) }]),
      ),
      401: { description: 'Unauthorized' },
    },
    ...(action === undefined ? {} : { 'x-kubernetes-action': action }),
    ...(kind === undefined ? {} : { 'x-kubernetes-group-version-kind': kind }),
  };
}

function parameter({ name, in: where, type, description }: Parameter): Json {
  const required = where === 'path' ? { required: true } : {};
  return { name, in: where, description, ...required, schema: { type, uniqueItems: true } };
}
