import { pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import { parseFieldSelector } from '../../../../shared/kubernetes/selectors';
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
  const hasVerbInPath = rest[0] === 'watch' && rest.length > 1;
  if (hasVerbInPath) {
    rest.shift();
    verb = 'watch';
  }
  let namespace = '';
  if (rest[0] === 'namespaces' && rest[1] !== undefined) {
    namespace = rest[1];
    if (rest[2] !== undefined && !NAMESPACE_SUBRESOURCES.has(rest[2])) rest = rest.slice(2);
  }
  const [resource = '', name = '', ...further] = rest.map(decode);
  // What stands behind a proxy is for whoever is behind it.
  const subresource = further[0] === 'proxy' ? 'proxy' : further.join('/');
  const info = { ...other, isResource: true, group, version, resource, name, namespace: decode(namespace) };
  return withVerb({ ...info, subresource, verb }, query, hasVerbInPath);
}

function withVerb(info: RequestInfo, query: URLSearchParams, hasVerbInPath: boolean): RequestInfo {
  let { verb, name } = info;
  if (name === '' && verb === 'get') {
    verb = isWatch(query.get('watch')) ? 'watch' : 'list';
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

function isWatch(value: string | null): boolean {
  return value !== null && !['false', '0'].includes(value.toLowerCase());
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

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
