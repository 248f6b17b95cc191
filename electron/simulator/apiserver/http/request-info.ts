import type { RequestAttributes } from '../request';

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

export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const parts = path.split('/').filter((part) => part !== '');
  const other: RequestInfo = {
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
  let rest: string[];
  let group = '';
  let version = '';
  if (parts[0] === 'api' && parts.length >= 3) [, version = '', ...rest] = parts;
  else if (parts[0] === 'apis' && parts.length >= 4) [, group = '', version = '', ...rest] = parts;
  else return other;

  let verb = VERBS[method] ?? method.toLowerCase();
  // The deprecated form: /api/v1/watch/pods.
  if (rest[0] === 'watch' && rest.length > 1) {
    rest.shift();
    verb = 'watch';
  }
  let namespace = '';
  if (rest[0] === 'namespaces' && rest[1] !== undefined) {
    namespace = rest[1];
    if (rest[2] !== undefined && !NAMESPACE_SUBRESOURCES.has(rest[2])) rest = rest.slice(2);
  }
  const [resource = '', name = '', ...subresource] = rest.map(decode);
  const info = { ...other, isResource: true, group, version, resource, name, namespace: decode(namespace) };
  return withVerb({ ...info, subresource: subresource.join('/'), verb }, query);
}

function withVerb(info: RequestInfo, query: URLSearchParams): RequestInfo {
  if (info.name !== '') return info;
  if (info.verb === 'delete') return { ...info, verb: 'deletecollection' };
  if (info.verb !== 'get' && info.verb !== 'watch') return info;
  const watching = info.verb === 'watch' || ['true', '1'].includes(query.get('watch') ?? '');
  // Rules that name objects hold for lists of just that object.
  const name = /^metadata\.name==?([^,=!]+)$/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '';
  return { ...info, verb: watching ? 'watch' : 'list', name };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
