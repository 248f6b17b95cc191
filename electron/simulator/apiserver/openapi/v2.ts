import { createHash } from 'node:crypto';
import type { ResourceDefinition } from '../registry/definition';
import type { VirtualResource } from '../registry/virtual-resource';
import { definitions, META, type Schema } from '../schema/document';
import { customSchemas } from './custom-schemas';
import { groupOperation, rootOperations, versionOperation } from './discovery-operations';
import { INFO, SECURITY } from './info';
import { CODES, type Operation, type Parameter, type Path, pathsOf } from './operation';
import { operationsOf, virtualOperationsOf } from './operations';

type Json = Readonly<Record<string, unknown>>;

const reference = (name: string) => ({ $ref: `#/definitions/${name}` });

/** The whole API in OpenAPI v2: `/openapi/v2`. */
export function openApiV2(
  served: readonly ResourceDefinition[],
  virtualResources: readonly VirtualResource[] = [],
): Json {
  const all = [...served, ...virtualResources];
  const paths = pathsOf([
    ...served.flatMap(operationsOf),
    ...virtualResources.flatMap(virtualOperationsOf),
    ...discoveryOperations(all),
    ...Object.values(rootOperations),
  ]);
  const shared = new SharedParameters();
  const known = Object.entries(definitions()).flatMap(([name, schema]) =>
    isOfServedVersion(name, served) ? [[name, withoutDefaults(schema)]] : [],
  );
  const custom = customSchemas(served, 'v2', (name, beside = {}) => ({ ...beside, ...reference(name) }));
  return {
    swagger: '2.0',
    info: INFO,
    paths: Object.fromEntries(paths.map((path) => [path.path, pathItem(path, shared)])),
    definitions: { ...Object.fromEntries(known), ...custom },
    parameters: shared.definitions,
    securityDefinitions: SECURITY,
    security: [{ BearerToken: [] }],
  };
}

/** Of what is a custom resource's alone, upstream's documents tell nothing of its group and version. */
function discoveryOperations(all: readonly (ResourceDefinition | VirtualResource)[]): Operation[] {
  const own = all.filter((each) => !('isCustom' in each && each.isCustom === true));
  const groups = [...new Set(own.map(({ resource }) => resource.group))];
  return groups.flatMap((group) => {
    const versions = new Set(own.flatMap(({ resource }) => (resource.group === group ? [resource.version] : [])));
    return [
      ...(group === '' ? [] : [groupOperation(group)]),
      ...[...versions].map((version) => versionOperation(group, version)),
    ];
  });
}

/** Whether a schema is of a stable version, or of another that is served: `io.k8s.api.admissionregistration.v1beta1.Mutation`. */
function isOfServedVersion(name: string, served: readonly ResourceDefinition[]): boolean {
  const [group = '', version = ''] = name.split('.').slice(-3);
  if (!/(alpha|beta)/.test(version)) return true;
  return served.some(({ resource }) => resource.version === version && resource.group.split('.')[0] === group);
}

/** Defaults are for v3 alone (kube-openapi's pkg/builder drops them). */
function withoutDefaults({ default: _, ...schema }: Schema): Schema {
  const { items, additionalProperties, properties } = schema;
  return {
    ...schema,
    ...(items === undefined ? {} : { items: withoutDefaults(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: withoutDefaults(additionalProperties) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(Object.entries(properties).map(([key, item]) => [key, withoutDefaults(item)])),
        }),
  };
}

function pathItem({ shared: common, operations }: Path, shared: SharedParameters): Json {
  return {
    ...Object.fromEntries(operations.map((each) => [each.method, operation(each, shared)])),
    ...(common.length === 0 ? {} : { parameters: common.map((parameter) => shared.use(asV2(parameter))) }),
  };
}

function operation(facts: Operation, shared: SharedParameters): Json {
  const { body, answer, action, kind, consumes, produces } = facts;
  const parameters = [
    ...(body === undefined ? [] : [bodyParameter(body, shared)]),
    ...facts.parameters.map((parameter) => shared.use(asV2(parameter))),
  ];
  const schema = answer === undefined ? { type: 'string' } : reference(answer);
  return {
    description: facts.description,
    ...(consumes === undefined ? {} : { consumes }),
    produces,
    schemes: ['https'],
    tags: [facts.tag],
    operationId: facts.id,
    ...(parameters.length === 0 ? {} : { parameters }),
    responses: {
      ...Object.fromEntries(facts.codes.map((code) => [code, { description: CODES[code], schema }])),
      401: { description: 'Unauthorized' },
    },
    ...(action === undefined ? {} : { 'x-kubernetes-action': action }),
    ...(kind === undefined ? {} : { 'x-kubernetes-group-version-kind': kind }),
  };
}

function asV2({ name, in: where, type, description }: Parameter): Json {
  return { uniqueItems: true, type, description, name, in: where, ...(where === 'path' ? { required: true } : {}) };
}

function bodyParameter({ schema, isRequired }: NonNullable<Operation['body']>, shared: SharedParameters): Json {
  const parameter = { name: 'body', in: 'body', ...(isRequired ? { required: true } : {}), schema: reference(schema) };
  return schema.startsWith(META) ? shared.use(parameter) : parameter;
}

/** Parameters that several operations have are written once, and referred to (kube-openapi's pkg/builder/parameters.go). */
class SharedParameters {
  readonly #names = new Map<string, string>();
  readonly definitions: Record<string, Json> = {};

  /** A parameter as it stands at an operation. */
  use(parameter: Json): Json {
    const { name } = parameter;
    // kubectl of some years ago looks for these in their place, and the name says which kind it is of.
    if (typeof name !== 'string' || ['name', 'dryRun', 'fieldValidation'].includes(name)) return parameter;
    const json = JSON.stringify(parameter);
    const known = this.#names.get(json);
    if (known !== undefined) return { $ref: `#/parameters/${known}` };
    const hash = createHash('sha256').update(json).digest('base64url').slice(0, 8);
    this.#names.set(json, `${name}-${hash}`);
    this.definitions[`${name}-${hash}`] = parameter;
    return { $ref: `#/parameters/${name}-${hash}` };
  }
}
