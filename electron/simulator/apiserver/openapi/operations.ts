import { groupResourceOf, type Resource } from '../../../../shared/kubernetes/resources';
import { type ServedResource, servedResources, servedVirtual } from '../discovery/served-resource';
import type { ResourceDefinition } from '../registry/definition';
import { RETURNS_DELETED } from '../registry/returns-deleted';
import type { VirtualResource } from '../registry/virtual-resource';
import { definitionOf, META } from '../schema/document';
import type { Method, Operation, Parameter } from './operation';
import * as parameters from './parameters';

// Which operations a resource has, and what they are called: apiserver/pkg/endpoints/installer.go (registerResourceHandlers)
// and GetOperationIDAndTags in apiserver/pkg/endpoints/openapi; for custom resources
// apiextensions-apiserver/pkg/controller/openapi/builder/builder.go.

const OBJECTS = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const CUSTOM_OBJECTS = ['application/json', 'application/yaml'];
const EVENTS = [...OBJECTS, 'application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
const STRATEGIC = 'application/strategic-merge-patch+json';
const PATCHES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  STRATEGIC,
  'application/apply-patch+yaml',
];
const ANYTHING = ['*/*'];
const ANY_OBJECT = 'io.k8s.apimachinery.pkg.runtime.RawExtension';

const DEPRECATED_WATCH = "deprecated: use the 'watch' parameter with a list operation instead";

const title = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A group as one word, as operations and tags have it: `rbac.authorization.k8s.io` is `rbacAuthorization`. The core group's is
 * `core`.
 */
export function groupWord(group: string): string {
  const [first = '', ...others] = group.replace(/\.k8s\.io$/, '').split(/[^A-Za-z0-9]+/);
  return (first || 'core') + others.map(title).join('');
}

/** ` a `, ` an `, or a space before what seems to be a plural. */
function article(noun: string): string {
  if (/(?<!s)s$/.test(noun)) return ' ';
  return /^[aeiou]/i.test(noun) ? ' an ' : ' a ';
}

/** Everything that may be asked of one kind, its subresources included. */
export function operationsOf(definition: ResourceDefinition): Operation[] {
  const [main, ...subresources] = servedResources(definition);
  if (main === undefined) return [];
  const maker = new OperationMaker(definition.resource, main.verbs, definition);
  return [...maker.main(), ...subresources.flatMap((served) => maker.subresource(served))];
}

/** What is only ever posted. */
export function virtualOperationsOf(virtual: VirtualResource): Operation[] {
  return new OperationMaker(virtual.resource, servedVirtual(virtual).verbs).main();
}

/** What all operations of one path have in common. */
interface Place {
  readonly path: string;
  readonly parameters: readonly Parameter[];
}

class OperationMaker {
  readonly #resource: Resource;
  readonly #verbs: readonly string[];
  /** The kind's schema, and that of its lists. */
  readonly #schema: string;
  readonly #listSchema: string;
  readonly #isCustom: boolean;
  readonly #name: Parameter;

  constructor(resource: Resource, verbs: readonly string[], definition?: ResourceDefinition) {
    this.#resource = resource;
    this.#verbs = verbs;
    this.#isCustom = definition?.openApi !== undefined;
    const { group, version, kind } = resource;
    this.#schema = definition?.openApi?.name ?? schemaOf({ group, version, kind });
    this.#listSchema = this.#isCustom ? `${this.#schema}List` : schemaOf({ group, version, kind: `${kind}List` });
    this.#name = parameters.nameOf(kind);
  }

  main(): Operation[] {
    const { kind } = this.#resource;
    const has = (verb: string) => this.#verbs.includes(verb);
    const collection = this.#place(false);
    const object = this.#place(true);
    const everywhere = this.#resource.namespaced ? this.#place(false, '', true) : undefined;
    const lists = everywhere !== undefined && has('list') ? [this.#list(everywhere, 'ForAllNamespaces')] : [];
    const watching = has('watch') && !this.#isCustom;
    return [
      ...(has('list') ? [this.#list(collection)] : []),
      ...(has('create') ? [this.#post(collection, `create${article(kind)}${kind}`)] : []),
      ...(has('deletecollection') ? [this.#deleteCollection(collection)] : []),
      ...(has('get') ? [this.#read(object, `read the specified ${kind}`)] : []),
      ...(has('update') ? [this.#put(object, `replace the specified ${kind}`)] : []),
      ...(has('delete') ? [this.#delete(object)] : []),
      ...(has('patch') ? [this.#patch(object, `partially update the specified ${kind}`)] : []),
      ...lists,
      ...(watching ? [this.#watchList(this.#place(false, '', false, true), 'List')] : []),
      ...(watching ? [this.#watch(this.#place(true, '', false, true))] : []),
      ...(watching && everywhere !== undefined
        ? [this.#watchList(this.#place(false, '', true, true), 'ListForAllNamespaces')]
        : []),
    ];
  }

  subresource(served: ServedResource): Operation[] {
    const { kind } = this.#resource;
    const [, name = ''] = served.name.split('/');
    const place = this.#place(true, `/${name}`);
    const suffix = title(name);
    const connected = parameters.CONNECT[served.kind];
    if (connected !== undefined) return this.#connections(served.kind, name, place, connected);
    const gvk = {
      group: served.kindGroup ?? this.#resource.group,
      version: served.kindVersion ?? this.#resource.version,
      kind: served.kind,
    };
    const isOwn = served.kind === kind && served.kindVersion === undefined;
    const schema = isOwn ? this.#schema : schemaOf(gvk);
    // Custom resources say their own kind of their scale, too.
    const given = { schema, ...(isOwn || this.#isCustom ? {} : { kind: gvk }) };
    if (name === 'log') return [this.#log(place)];
    const of = `${name} of the specified ${kind}`;
    return [
      ...(served.verbs.includes('get') ? [this.#read(place, `read ${of}`, suffix, given)] : []),
      ...(served.verbs.includes('update') ? [this.#put(place, `replace ${of}`, suffix, given)] : []),
      ...(served.verbs.includes('patch') ? [this.#patch(place, `partially update ${of}`, suffix, given)] : []),
      ...(served.verbs.includes('create')
        ? [this.#post(place, `create ${name} of${article(kind)}${kind}`, suffix, given)]
        : []),
    ];
  }

  /** @param named whether it is one object's. */
  #place(named: boolean, rest = '', everywhere = false, watch = false): Place {
    const { group, version, resource, namespaced } = this.#resource;
    const base = `${group === '' ? '/api' : `/apis/${group}`}/${version}${watch ? '/watch' : ''}`;
    const scoped = namespaced && !everywhere;
    return {
      path: `${base}${scoped ? '/namespaces/{namespace}' : ''}/${resource}${named ? '/{name}' : ''}${rest}`,
      parameters: [...(named ? [this.#name] : []), ...(scoped ? [parameters.NAMESPACE] : []), parameters.PRETTY],
    };
  }

  #operation(
    verb: string,
    { path, parameters: inPath }: Place,
    rest: Pick<Operation, 'method' | 'action' | 'description' | 'codes'> & Partial<Operation> & { suffix?: string },
  ): Operation {
    const { group, version, kind } = this.#resource;
    const { suffix = '', parameters: own = [], ...facts } = rest;
    return {
      path,
      id: `${verb.replace('{}', `${title(groupWord(group))}${title(version)}`)}${this.#scope(path)}${kind}${suffix}`,
      tag: `${groupWord(group)}_${version}`,
      kind: { group, version, kind },
      consumes: this.#isCustom ? CUSTOM_OBJECTS : ANYTHING,
      produces: this.#isCustom ? CUSTOM_OBJECTS : OBJECTS,
      ...facts,
      parameters: [...inPath, ...own],
    };
  }

  #scope(path: string): string {
    return path.includes('/{namespace}/') ? 'Namespaced' : '';
  }

  #list(place: Place, suffix = ''): Operation {
    const verb = this.#verbs.includes('watch') && !this.#isCustom ? 'list or watch' : 'list';
    return this.#operation('list{}', place, {
      ...{ method: 'get', action: 'list', codes: [200], suffix },
      description: `${verb} objects of kind ${this.#resource.kind}`,
      parameters: parameters.LIST,
      produces: this.#isCustom ? CUSTOM_OBJECTS : EVENTS,
      answer: this.#listSchema,
    });
  }

  #post(place: Place, description: string, suffix = '', given: Given = { schema: this.#schema }): Operation {
    return this.#operation('create{}', place, {
      ...{ method: 'post', action: 'post', codes: [200, 201, 202], description, suffix },
      parameters: parameters.WRITE,
      ...writing(given),
    });
  }

  #read(place: Place, description: string, suffix = '', given: Given = { schema: this.#schema }): Operation {
    return this.#operation('read{}', place, {
      ...{ method: 'get', action: 'get', codes: [200], description, suffix },
      parameters: this.#isCustom ? [parameters.RESOURCE_VERSION] : [],
      ...(given.kind === undefined ? {} : { kind: given.kind }),
      answer: given.schema,
    });
  }

  #put(place: Place, description: string, suffix = '', given: Given = { schema: this.#schema }): Operation {
    return this.#operation('replace{}', place, {
      ...{ method: 'put', action: 'put', codes: [200, 201], description, suffix },
      parameters: parameters.WRITE,
      ...writing(given),
    });
  }

  #patch(place: Place, description: string, suffix = '', given: Given = { schema: this.#schema }): Operation {
    return this.#operation('patch{}', place, {
      ...{ method: 'patch', action: 'patch', description, suffix },
      codes: this.#isCustom ? [200] : [200, 201],
      parameters: parameters.PATCH,
      ...writing(given),
      body: { schema: `${META}.Patch`, isRequired: true },
      // kubectl learns here whether a kind can be patched strategically.
      consumes: this.#isCustom ? PATCHES.filter((type) => type !== STRATEGIC) : PATCHES,
    });
  }

  #delete(place: Place): Operation {
    const { kind } = this.#resource;
    const id = groupResourceOf(this.#resource);
    // A Namespace is given back, too, but upstream's document does not know.
    const returned = RETURNS_DELETED.has(id) && id !== 'namespaces' && !this.#isCustom;
    return this.#operation('delete{}', place, {
      ...{ method: 'delete', action: 'delete', codes: [200, 202] },
      description: `delete${article(kind)}${kind}`,
      parameters: parameters.DELETE,
      body: { schema: `${META}.DeleteOptions`, isRequired: false },
      answer: returned ? this.#schema : `${META}.Status`,
    });
  }

  #deleteCollection(place: Place): Operation {
    return this.#operation('delete{}Collection', place, {
      ...{ method: 'delete', action: 'deletecollection', codes: [200] },
      description: `delete collection of ${this.#resource.kind}`,
      ...(this.#isCustom
        ? { parameters: parameters.LIST }
        : {
            parameters: parameters.DELETE_COLLECTION,
            body: { schema: `${META}.DeleteOptions`, isRequired: false },
          }),
      answer: `${META}.Status`,
    });
  }

  #watchList(place: Place, suffix: string): Operation {
    return this.#operation('watch{}', place, {
      ...{ method: 'get', action: 'watchlist', codes: [200], suffix, produces: EVENTS },
      description: `watch individual changes to a list of ${this.#resource.kind}. ${DEPRECATED_WATCH}.`,
      parameters: parameters.LIST,
      answer: `${META}.WatchEvent`,
    });
  }

  #watch(place: Place): Operation {
    const filtered = "filtered to a single item with the 'fieldSelector' parameter";
    return this.#operation('watch{}', place, {
      ...{ method: 'get', action: 'watch', codes: [200], produces: EVENTS },
      description: `watch changes to an object of kind ${this.#resource.kind}. ${DEPRECATED_WATCH}, ${filtered}.`,
      parameters: parameters.LIST,
      answer: `${META}.WatchEvent`,
    });
  }

  #log(place: Place): Operation {
    return this.#operation('read{}', place, {
      ...{ method: 'get', action: 'get', codes: [200], suffix: 'Log' },
      description: `read log of the specified ${this.#resource.kind}`,
      parameters: parameters.LOG,
      produces: ['text/plain', ...OBJECTS],
    });
  }

  /** A subresource that connects to something: with what is behind it, where that has paths of its own. */
  #connections(options: string, name: string, place: Place, own: readonly Parameter[]): Operation[] {
    const { kind } = this.#resource;
    const isProxy = name === 'proxy';
    const methods: readonly Method[] = isProxy
      ? ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']
      : ['get', 'post'];
    // What goes through is not the API server's to indent.
    const bare = { path: place.path, parameters: place.parameters.filter((each) => each !== parameters.PRETTY) };
    const deeper = { path: `${place.path}/{path}`, parameters: [...bare.parameters, parameters.REST_OF_PATH] };
    return [{ ...bare, suffix: '' }, ...(isProxy ? [{ ...deeper, suffix: 'WithPath' }] : [])].flatMap((at) =>
      methods.map((method) =>
        this.#operation(`connect{}${title(method)}`, at, {
          ...{ method, action: 'connect', codes: [200], suffix: `${title(name)}${at.suffix}`, produces: ANYTHING },
          kind: { group: '', version: 'v1', kind: options },
          description: `connect ${method.toUpperCase()} requests to ${name} of ${kind}`,
          parameters: own,
        }),
      ),
    );
  }
}

/** What a request gives and is given. */
interface Given {
  readonly schema: string;
  /** Where it is not the resource's own kind. */
  readonly kind?: NonNullable<Operation['kind']>;
}

function writing({ schema, kind }: Given): Pick<Operation, 'body' | 'answer'> & Partial<Operation> {
  return { body: { schema, isRequired: true }, answer: schema, ...(kind === undefined ? {} : { kind }) };
}

/** Of a kind that upstream's own document does not have (it comes of another server there), only that it is an object. */
function schemaOf(kind: NonNullable<Operation['kind']>): string {
  return definitionOf(kind) ?? ANY_OBJECT;
}
