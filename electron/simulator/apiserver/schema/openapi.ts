import { apiVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import { KUBERNETES_VERSION } from '../../version';
import type { ResourceDefinition } from '../registry/definition';
import type { VirtualResource } from '../registry/virtual-resource';
import { definitionOf, definitions, type GroupVersionKind, referredName, type Schema } from './document';

type Json = Readonly<Record<string, unknown>>;

/** The parts in which the two versions of OpenAPI differ. */
interface Dialect {
  reference(name: string): Json;
  parameter(name: string, type: 'string' | 'integer' | 'boolean', where: 'query' | 'path', description: string): Json;
  body(schema: Json, types: readonly string[]): Json;
  answer(schema: Json): Json;
}

const MEDIA_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const STRATEGIC = 'application/strategic-merge-patch+json';
const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  STRATEGIC,
  'application/apply-patch+yaml',
];

const v2: Dialect = {
  reference: (name) => ({ $ref: `#/definitions/${name}` }),
  parameter: (name, type, where, description) => ({
    name,
    in: where,
    type,
    uniqueItems: true,
    description,
    ...(where === 'path' ? { required: true } : {}),
  }),
  body: (schema, types) => ({
    consumes: types,
    parameters: [{ name: 'body', in: 'body', required: true, schema }],
  }),
  answer: (schema) => ({ produces: MEDIA_TYPES, responses: { 200: { description: 'OK', schema } } }),
};

const v3: Dialect = {
  reference: (name) => ({ $ref: `#/components/schemas/${name}` }),
  parameter: (name, type, where, description) => ({
    name,
    in: where,
    description,
    schema: { type, uniqueItems: true },
    ...(where === 'path' ? { required: true } : {}),
  }),
  body: (schema, types) => ({
    requestBody: {
      content: Object.fromEntries(types.map((type) => [type, { schema }])),
      required: true,
    },
  }),
  answer: (schema) => ({
    responses: {
      200: { description: 'OK', content: Object.fromEntries(MEDIA_TYPES.map((type) => [type, { schema }])) },
    },
  }),
};

/** Upstream writes the minor release here, without the patch. */
const INFO = { title: 'Kubernetes', version: KUBERNETES_VERSION.replace(/^v(\d+\.\d+).*$/, '$1') };

/** The whole API in OpenAPI v2: `/openapi/v2`. */
export function openApiV2(
  served: readonly ResourceDefinition[],
  virtualResources: readonly VirtualResource[] = [],
): Json {
  const paths = Object.assign(
    {},
    ...served.map((definition) => resourcePaths(definition, v2)),
    ...virtualResources.map(({ resource }) => virtualPaths(resource, v2)),
  );
  const known = Object.entries(definitions()).filter(([name]) => isOfServedVersion(name, served));
  const schemas = { ...Object.fromEntries(known), ...customSchemas(served, 'v2'), [`${META}.Patch`]: PATCH_SCHEMA };
  return { swagger: '2.0', info: INFO, paths, definitions: schemas };
}

/**
 * One group version in OpenAPI v3: `/openapi/v3/apis/apps/v1`.
 * @param groupVersion as in `apiVersion`: `apps/v1`, `v1`.
 * @returns `undefined` when nothing is served there.
 */
export function openApiV3(
  groupVersion: string,
  served: readonly ResourceDefinition[],
  virtualResources: readonly VirtualResource[] = [],
): Json | undefined {
  const isHere = ({ resource }: { readonly resource: Resource }) => apiVersionOf(resource) === groupVersion;
  const here = served.filter(isHere);
  const virtualHere = virtualResources.filter(isHere);
  if (here.length === 0 && virtualHere.length === 0) return undefined;
  const paths = Object.assign(
    {},
    ...here.map((definition) => resourcePaths(definition, v3)),
    ...virtualHere.map(({ resource }) => virtualPaths(resource, v3)),
  );
  const custom = customSchemas(here, 'v3');
  const schemas = { ...schemasOf(groupVersion, { paths, custom }), ...custom };
  return { openapi: '3.0.0', info: INFO, paths, components: { schemas } };
}

/** Whether a schema is of a stable version, or of another that is served: `io.k8s.api.admissionregistration.v1beta1.Mutation`. */
function isOfServedVersion(name: string, served: readonly ResourceDefinition[]): boolean {
  const [group = '', version = ''] = name.split('.').slice(-3);
  if (!/(alpha|beta)/.test(version)) return true;
  return served.some(({ resource }) => resource.version === version && resource.group.split('.')[0] === group);
}

/** The schemas of custom resources and of their lists. */
function customSchemas(served: readonly ResourceDefinition[], version: 'v2' | 'v3'): Json {
  const dialect = version === 'v2' ? v2 : v3;
  return Object.fromEntries(
    served.flatMap(({ resource: { group, version: own, kind }, openApi, listKind = `${kind}List` }) => {
      if (openApi === undefined) return [];
      const list = {
        type: 'object',
        required: ['items'],
        properties: {
          apiVersion: { type: 'string' },
          kind: { type: 'string' },
          metadata: dialect.reference(`${META}.ListMeta`),
          items: { type: 'array', items: dialect.reference(openApi.name) },
        },
        'x-kubernetes-group-version-kind': [{ group, version: own, kind: listKind }],
      };
      return [
        [openApi.name, openApi[version]],
        [`${openApi.name}List`, list],
      ];
    }),
  );
}

/** All schemas that the kinds of a group version reach, and those that the rest of its document names. */
function schemasOf(groupVersion: string, rest: Json): Json {
  const all = definitions();
  const reached = new Set<string>();
  const follow = (name: string) => {
    const schema = all[name];
    if (schema === undefined || reached.has(name)) return;
    reached.add(name);
    for (const reference of references(schema)) follow(referredName(reference));
  };
  for (const [name, schema] of Object.entries(all)) {
    if (schema['x-kubernetes-group-version-kind']?.some((kind) => apiVersionOf(kind) === groupVersion)) follow(name);
  }
  for (const [, name = ''] of JSON.stringify(rest).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) follow(name);
  const schemas = [...reached].sort().map((name) => [name, definitionAsV3(name, all[name] ?? {})] as const);
  return { ...Object.fromEntries(schemas), [`${META}.Patch`]: PATCH_SCHEMA };
}

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const PATCH_SCHEMA = { type: 'object', description: 'A change to an object, in one of the formats of PATCH.' };

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

function definitionAsV3(name: string, { type, ...schema }: Schema): Json {
  const types = TWO_TYPES[name];
  return types === undefined
    ? asV3({ ...(type === undefined ? {} : { type }), ...schema })
    : { ...schema, oneOf: types.map((each) => ({ type: each })) };
}

/** In v3 a reference with anything beside it is written as a list of one. */
function asV3(schema: Schema): Json {
  const { $ref, items, additionalProperties, properties, ...rest } = schema;
  if ($ref !== undefined) {
    const reference = v3.reference(referredName($ref));
    return Object.keys(rest).length === 0 ? reference : { ...rest, allOf: [reference] };
  }
  return {
    ...rest,
    ...(items === undefined ? {} : { items: asV3(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: asV3(additionalProperties) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, item]) => [name, asV3(item)])) }),
  };
}

/** The paths of one resource: its collections, its objects, and their subresources. */
function resourcePaths(definition: ResourceDefinition, dialect: Dialect): Json {
  const { resource, hasStatus, scale, verbs, subresources = [] } = definition;
  const base = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced
    ? `${base}/namespaces/{namespace}/${resource.resource}`
    : `${base}/${resource.resource}`;
  const make = new OperationMaker(resource, dialect, undefined, definition.openApi?.name);
  const paths: Record<string, unknown> = {
    [scope]: {
      ...make.shared(false),
      get: make.operation('list', 'get'),
      post: make.operation('post', 'post'),
      ...(verbs === undefined || verbs.includes('deletecollection')
        ? { delete: make.operation('deletecollection', 'delete') }
        : {}),
    },
    [`${scope}/{name}`]: { ...make.shared(true), ...make.object('', true) },
  };
  if (resource.namespaced) {
    paths[`${base}/${resource.resource}`] = { get: make.operation('list', 'get', 'ForAllNamespaces') };
  }
  if (hasStatus) paths[`${scope}/{name}/status`] = { ...make.shared(true), ...make.object('Status', false) };
  if (scale !== undefined) {
    const scaling = new OperationMaker(resource, dialect, { group: 'autoscaling', version: 'v1', kind: 'Scale' });
    paths[`${scope}/{name}/scale`] = { ...make.shared(true), ...scaling.object('Scale', false) };
  }
  for (const { name, kind, group, version, verbs } of subresources) {
    if (!verbs.includes('create') || group === undefined || version === undefined) continue;
    const posting = new OperationMaker(resource, dialect, { group, version, kind });
    paths[`${scope}/{name}/${name}`] = { ...make.shared(true), post: posting.operation('post', 'post', kind) };
  }
  return paths;
}

/** What is only ever posted. */
function virtualPaths(resource: Resource, dialect: Dialect): Json {
  const base = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced
    ? `${base}/namespaces/{namespace}/${resource.resource}`
    : `${base}/${resource.resource}`;
  const make = new OperationMaker(resource, dialect);
  return { [scope]: { ...make.shared(false), post: make.operation('post', 'post') } };
}

const title = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A group as one word, as operations and tags have it: `rbac.authorization.k8s.io` is `rbacAuthorization`
 * (GetOperationIDAndTags in k8s.io/apiserver/pkg/endpoints/openapi).
 */
function groupWord(group: string): string {
  const [first = '', ...others] = group.replace(/\.k8s\.io$/, '').split(/[^A-Za-z0-9]+/);
  return (first || 'core') + others.map(title).join('');
}

class OperationMaker {
  readonly #resource: Resource;
  readonly #dialect: Dialect;
  readonly #kind: GroupVersionKind;
  /** The name of the kind's schema, when it is not built in. */
  readonly #schema: string | undefined;
  /** kubectl learns here whether a kind can be patched strategically. */
  readonly #patchTypes: readonly string[];

  /** @param kind what a subresource takes and gives; the resource's own kind without it. */
  constructor(resource: Resource, dialect: Dialect, kind?: GroupVersionKind, schema?: string) {
    this.#schema = schema;
    this.#patchTypes = schema === undefined ? PATCH_TYPES : PATCH_TYPES.filter((type) => type !== STRATEGIC);
    this.#resource = resource;
    this.#dialect = dialect;
    const { group, version } = resource;
    this.#kind = kind ?? { group, version, kind: resource.kind };
  }

  /** Parameters of the path itself. */
  shared(named: boolean): Json {
    const inPath = [...(named ? ['name'] : []), ...(this.#resource.namespaced ? ['namespace'] : [])];
    return {
      parameters: inPath.map((name) => this.#dialect.parameter(name, 'string', 'path', `the object's ${name}`)),
    };
  }

  /** What can be done with one object. */
  object(suffix: string, deletable: boolean): Json {
    return {
      get: this.operation('get', 'get', suffix),
      put: this.operation('put', 'put', suffix),
      patch: this.operation('patch', 'patch', suffix),
      ...(deletable ? { delete: this.operation('delete', 'delete', suffix) } : {}),
    };
  }

  operation(action: string, method: 'get' | 'post' | 'put' | 'patch' | 'delete', suffix = ''): Json {
    const { group, version, kind } = this.#kind;
    const suffixOfKind = action === 'list' ? 'List' : '';
    const name =
      this.#schema === undefined
        ? definitionOf({ ...this.#kind, kind: `${kind}${suffixOfKind}` })
        : `${this.#schema}${suffixOfKind}`;
    const schema = name === undefined ? {} : this.#dialect.reference(name);
    const given =
      method === 'patch' ? this.#dialect.reference(`${META}.Patch`) : method === 'delete' ? undefined : schema;
    const body =
      method === 'get' || given === undefined
        ? {}
        : this.#dialect.body(given, method === 'patch' ? this.#patchTypes : ['*/*']);
    return {
      operationId: this.#operationId(action, suffix),
      tags: [`${groupWord(this.#resource.group)}_${this.#resource.version}`],
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, version, kind },
      ...this.#dialect.answer(schema),
      ...body,
      parameters: [...this.#query(action), ...(Array.isArray(body.parameters) ? body.parameters : [])],
    };
  }

  #operationId(action: string, suffix: string): string {
    const { group, version, namespaced, kind } = this.#resource;
    const verbs: Record<string, string> = { get: 'read', post: 'create', put: 'replace', deletecollection: 'delete' };
    const owner = `${title(groupWord(group))}${title(version)}${action === 'deletecollection' ? 'Collection' : ''}`;
    const scope = namespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
    return `${verbs[action] ?? action}${owner}${scope}${kind}${suffix}`;
  }

  /** kubectl decides by `fieldValidation` here whether the server checks fields, or kubectl must. */
  #query(action: string): Json[] {
    const query = (name: string, type: 'string' | 'integer' | 'boolean', description: string) =>
      this.#dialect.parameter(name, type, 'query', description);
    switch (action) {
      case 'list':
      case 'deletecollection':
        return [
          query('labelSelector', 'string', 'Which objects, by their labels.'),
          query('fieldSelector', 'string', 'Which objects, by their fields.'),
          query('limit', 'integer', 'The largest number of objects in one answer.'),
          query('continue', 'string', 'Where the last answer ended.'),
          query('resourceVersion', 'string', 'The state to answer from.'),
          query('watch', 'boolean', 'Whether to go on with changes.'),
        ];
      case 'post':
      case 'put':
      case 'patch':
        return [
          query('dryRun', 'string', 'All: everything is done but the writing.'),
          query('fieldManager', 'string', 'Who makes the change.'),
          query('fieldValidation', 'string', 'What becomes of unknown and duplicate fields: Ignore, Warn or Strict.'),
          ...(action === 'patch'
            ? [query('force', 'boolean', 'Whether an apply takes fields from other managers.')]
            : []),
        ];
      case 'delete':
        return [
          query('dryRun', 'string', 'All: everything is done but the writing.'),
          query('gracePeriodSeconds', 'integer', 'Seconds until the object is gone.'),
          query('propagationPolicy', 'string', 'What becomes of dependents: Orphan, Background or Foreground.'),
        ];
      default:
        return [];
    }
  }
}
