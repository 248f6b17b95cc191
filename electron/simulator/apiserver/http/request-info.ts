import { pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import { parseFieldSelector } from '../../../../shared/kubernetes/selectors';
import type { RequestAttributes } from '../request';
import { flag } from './list-options';

/** What a request asks for, by its method and URL alone (apiserver/pkg/endpoints/request/requestinfo.go). */
export type RequestInfo = Omit<RequestAttributes, 'user'>;

/** What stands under a namespace's own path and is the namespace's. */
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The parts of a path below its group and version, `pods` or `namespaces/a/pods/b/log` for instance. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  /** The deprecated form: /api/v1/watch/pods. */
  readonly watch: boolean;
  /** `undefined` when the path names none. */
  readonly namespace: string | undefined;
  readonly resource: string;
  /** `undefined` for a collection. */
  readonly name: string | undefined;
  /** What follows the name. */
  readonly rest: readonly string[];
}

/** @returns `undefined` for a path that is no resource's. */
export function resourcePath(path: string): ResourcePath | undefined {
  const parts = path.replace(/^\/+|\/+$/g, '').split('/');
  let rest: string[];
  let group = '';
  let version = '';
  if (parts[0] === 'api' && parts.length >= 3) [, version = '', ...rest] = parts;
  else if (parts[0] === 'apis' && parts.length >= 4) [, group = '', version = '', ...rest] = parts;
  else return undefined;
  const watch = rest[0] === 'watch' && rest.length > 1;
  if (watch) rest.shift();
  let namespace: string | undefined;
  if (rest[0] === 'namespaces' && rest[2] !== undefined && !NAMESPACE_SUBRESOURCES.has(rest[2])) {
    namespace = rest[1];
    rest = rest.slice(2);
  }
  const [resource = '', name, ...more] = rest;
  return { group, version, watch, namespace, resource, name, rest: more };
}

export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const found = resourcePath(path);
  if (found === undefined) {
    return {
      verb: method.toLowerCase(),
      isResource: false,
      path,
      group: '',
      version: '',
      resource: '',
      subresource: '',
      namespace: '',
      name: '',
    };
  }
  const { group, version, watch, resource, name = '', rest } = found;
  // A namespace is in itself.
  const namespace = found.namespace ?? (resource === 'namespaces' ? name : '');
  const info = { isResource: true, path, group, version, resource, namespace, name, subresource: rest[0] ?? '' };
  return withVerb({ ...info, verb: watch ? 'watch' : (VERBS[method] ?? '') }, query, watch);
}

function withVerb(info: RequestInfo, query: URLSearchParams, hasVerbInPath: boolean): RequestInfo {
  let { verb, name } = info;
  if (name === '' && verb === 'get') {
    verb = flag(query, 'watch') === true ? 'watch' : 'list';
    name = requiredName(query.get('fieldSelector'));
  }
  if (name === '' && verb === 'delete') verb = 'deletecollection';
  // The deprecated watches honour selectors only in part, so rules that look at selectors do not see theirs.
  if (hasVerbInPath || !['list', 'watch', 'deletecollection'].includes(verb)) return { ...info, verb, name };
  const fieldSelector = query.get('fieldSelector') ?? '';
  const labelSelector = query.get('labelSelector') ?? '';
  return {
    ...info,
    verb,
    name,
    ...(fieldSelector === '' ? {} : { fieldSelector }),
    ...(labelSelector === '' ? {} : { labelSelector }),
  };
}

/** Rules that name objects hold for lists of just that object. */
function requiredName(fieldSelector: string | null): string {
  if (fieldSelector === null || fieldSelector === '') return '';
  try {
    const term = parseFieldSelector(fieldSelector).find(
      ({ field, operator }) => field === 'metadata.name' && operator === '=',
    );
    return term === undefined || pathSegmentProblems(term.value).length > 0 ? '' : term.value;
  } catch {
    // What cannot be read names nothing; the list itself will say what is wrong with it.
    return '';
  }
}

/** apiserver/pkg/server/config.go: watches and proxies, and the subresources that stream. */
export function isLongRunning({ verb, subresource }: RequestInfo): boolean {
  return verb === 'watch' || ['attach', 'exec', 'proxy', 'log', 'portforward'].includes(subresource);
}
