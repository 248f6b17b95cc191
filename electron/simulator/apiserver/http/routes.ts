import { type ServedResource, servedResources, servedVirtual } from '../discovery/served-resource';
import type { ResourceDefinition } from '../registry/definition';
import type { VirtualResource } from '../registry/virtual-resource';
import { failure, methodNotAllowed, unknownPath } from '../status-errors';
import { checkProduces, LIST_TYPES, MEDIA_TYPES } from './accept';
import type { Exchange } from './exchange';
import { type ResourcePath, resourcePath } from './request-info';

/** The verb of a method: on collections, and on objects and what is below them. */
const VERBS: Readonly<Record<string, readonly [collection: string, object: string]>> = {
  GET: ['list', 'get'],
  POST: ['create', 'create'],
  PUT: ['', 'update'],
  PATCH: ['', 'patch'],
  DELETE: ['deletecollection', 'delete'],
};

/** What Go's multiplexer answers where it has no handler. */
export const NOBODY = '404 page not found\n';

/** Subresources of which a part of the path is another's. */
const PROXY = 'proxy';

type Verbs = ReadonlyMap<string, readonly string[]>;

const known = new WeakMap<object, Verbs>();

/** By `pods` and `pods/log`: what discovery says can be done is what can be done. */
function verbsOf(key: object, served: () => readonly ServedResource[]): Verbs {
  let verbs = known.get(key);
  if (verbs === undefined) {
    verbs = new Map(served().map((line) => [line.name, line.verbs]));
    known.set(key, verbs);
  }
  return verbs;
}

/**
 * Whether there is a route for a request to a resource that is served, as kube-apiserver installs them
 * (apiserver/pkg/endpoints/installer.go), and go-restful then finds them: by path, method, content type and accepted types.
 * @throws StatusError 404, 405, 415 or 406.
 */
export function checkRoute(exchange: Exchange, found: ResourceDefinition | VirtualResource): void {
  const { request, path } = exchange;
  const target = resourcePath(path);
  if (target === undefined) throw unknownPath();
  const verbs = verbsOf(found, () => ('strategy' in found ? servedResources(found) : [servedVirtual(found)]));
  const possible = possibleVerbs(target, found.resource.namespaced, verbs);
  if (possible.length === 0) throw unknownPath();
  const [onCollection = '', onObject = ''] = VERBS[methodOf(exchange, target)] ?? [];
  const verb = target.name === undefined ? onCollection : onObject;
  if (target.watch ? request.method !== 'GET' : !possible.includes(verb)) throw methodNotAllowed();
  if (verb === 'patch') checkPatchType(exchange);
  checkProduces(request, produced(target, verb));
}

/** What a proxy passes on, it passes on by two methods more, which no verb in discovery tells of (`proxyMethods`). */
function methodOf({ request: { method = '' } }: Exchange, { rest: [subresource] }: ResourcePath): string {
  return subresource === PROXY && (method === 'HEAD' || method === 'OPTIONS') ? 'GET' : method;
}

function possibleVerbs(
  { watch, namespace, resource, name, rest }: ResourcePath,
  namespaced: boolean,
  verbs: Verbs,
): readonly string[] {
  const main = verbs.get(resource) ?? [];
  const [subresource] = rest;
  if (watch)
    return rest.length === 0 && main.includes('watch') && (namespaced || namespace === undefined) ? ['watch'] : [];
  if (!namespaced && namespace !== undefined) return [];
  if (subresource !== undefined) {
    if (namespaced && namespace === undefined) return [];
    return rest.length === 1 || subresource === PROXY ? (verbs.get(`${resource}/${subresource}`) ?? []) : [];
  }
  if (name !== undefined) {
    if (namespaced && namespace === undefined) return [];
    return main.filter((verb) => ['get', 'update', 'patch', 'delete'].includes(verb));
  }
  const ofCollection = main.filter((verb) => ['list', 'create', 'deletecollection'].includes(verb));
  // All namespaces at once can only be looked at.
  return namespaced && namespace === undefined ? ofCollection.filter((verb) => verb === 'list') : ofCollection;
}

export const PATCH_MEDIA_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

function checkPatchType({ request }: Exchange): void {
  const types = (request.headers['content-type'] ?? '').split(',').map((part) => part.split(';')[0]?.trim() ?? '');
  if (!types.some((type) => PATCH_MEDIA_TYPES.includes(type))) {
    throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
}

/** The types that a route can answer with; connections answer with anything. */
function produced({ watch, rest: [subresource] }: ResourcePath, verb: string): readonly string[] {
  switch (subresource) {
    case undefined:
      return watch || verb === 'list' ? LIST_TYPES : MEDIA_TYPES;
    case 'log':
      return ['text/plain', ...MEDIA_TYPES];
    case 'exec':
    case 'attach':
    case 'portforward':
    case PROXY:
      return ['*/*'];
    default:
      return MEDIA_TYPES;
  }
}
