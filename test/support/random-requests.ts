import fc from 'fast-check';
import { servedResources } from '../../electron/simulator/apiserver/discovery/served-resource';
import { builtInDefinitions } from '../../electron/simulator/apiserver/strategies';
import { chance, type Draw, randomObject, randomText, words } from './random-objects';

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const PATCHES = ['json-patch+json', 'merge-patch+json', 'strategic-merge-patch+json', 'apply-patch+yaml'].map(
  (type) => `application/${type}`,
);
const TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
  '',
  ...PATCHES,
];
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const ACCEPTED = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  '*/*',
  'text/html',
  TABLE,
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io',
  ';;,q=',
  'application/json;stream=watch',
];
const QUERIES = words(`
  watch limit continue resourceVersion resourceVersionMatch labelSelector fieldSelector timeoutSeconds
  sendInitialEvents allowWatchBookmarks dryRun fieldManager fieldValidation force pretty gracePeriodSeconds
  propagationPolicy orphanDependents includeObject container command stdin tty follow tailLines sinceTime
  limitBytes ports previous exact timeout
`);
const VALUES = words(`
  true false 1 0 -1 9999999999999 All None Strict NotOlderThan Exact Background Orphan Foreground Object Metadata
`);
const PATHS = words(`
  / /api /apis /api/v1 /apis/apps /apis/apps/v1 /version /openapi/v2 /openapi/v3 /openapi/v3/api/v1 /healthz
  /livez/ping /readyz /metrics /.well-known/openid-configuration /openid/v1/jwks // /api//v1 /% /apis/nothing/v1/x
  /api/v1/namespaces/default/
`);

/** What can be asked for: paths with the kind that is written there. */
const ROUTES = builtInDefinitions.flatMap((definition) => {
  const { group, version, resource, namespaced, kind } = definition.resource;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const collection = `${root}${namespaced ? '/namespaces/default' : ''}/${resource}`;
  const own = { group, version, kind };
  const subresources = servedResources(definition).flatMap((served) => {
    const [, subresource] = served.name.split('/');
    if (subresource === undefined) return [];
    return [
      {
        path: `${collection}/a/${subresource}`,
        methods: ['GET', 'PUT', 'PATCH', 'POST'],
        kind: { group: served.kindGroup ?? group, version: served.kindVersion ?? version, kind: served.kind },
      },
    ];
  });
  return [
    { path: collection, kind: own, methods: ['POST', 'POST', 'POST', 'GET', 'DELETE'] },
    { path: `${collection}/a`, kind: own, methods: ['GET', 'PUT', 'PATCH', 'PATCH', 'PATCH', 'DELETE'] },
    { path: `${collection}/a`, kind: own },
    { path: `${root}/${resource}`, kind: own, methods: ['GET'] },
    { path: `${root}/watch/${resource}`, kind: own, methods: ['GET'] },
    ...subresources,
  ];
});
const REVIEWS = [
  ['authorization.k8s.io', 'SelfSubjectAccessReview'],
  ['authorization.k8s.io', 'SubjectAccessReview'],
  ['authorization.k8s.io', 'SelfSubjectRulesReview'],
  ['authentication.k8s.io', 'TokenReview'],
  ['authentication.k8s.io', 'SelfSubjectReview'],
].map(([group = '', kind = '']) => ({
  path: `/apis/${group}/v1/${kind.toLowerCase()}s`,
  methods: ['POST'],
  kind: { group, version: 'v1', kind },
}));

/** A request for any route there is, mostly of the right shape. */
export function randomRequest(draw: Draw): Sent {
  const route = chance(draw, 92) ? draw(fc.constantFrom, ...ROUTES, ...REVIEWS) : undefined;
  const method = draw(fc.constantFrom, ...(chance(draw, 90) ? (route?.methods ?? METHODS) : METHODS));
  const patch = method === 'PATCH' && chance(draw, 90) ? draw(fc.constantFrom, ...PATCHES) : undefined;
  const type = patch ?? (chance(draw, 85) ? 'application/json' : draw(fc.constantFrom, ...TYPES));
  const query = Array.from({ length: draw(fc.constantFrom, 0, 0, 1, 2, 3) }, () => {
    const value = chance(draw, 60) ? draw(fc.constantFrom, ...VALUES) : randomText(draw);
    return `${draw(fc.constantFrom, ...QUERIES)}=${chance(draw, 95) ? encoded(value) : '%zz'}`;
  });
  if (patch === 'application/apply-patch+yaml' && chance(draw, 90)) query.push('fieldManager=fuzz');
  const headers: Record<string, string> = { 'user-agent': chance(draw, 90) ? 'fuzz/1' : 'kubectl/v1.35' };
  if (chance(draw, 30)) headers.accept = draw(fc.constantFrom, ...ACCEPTED);
  if (chance(draw, 5))
    headers['impersonate-user'] = draw(
      fc.constantFrom,
      'bob',
      'system:anonymous',
      'system:serviceaccount:default:a',
      '',
    );
  if (chance(draw, 3)) headers['if-none-match'] = 'W/"x"';
  if (chance(draw, 3)) headers.upgrade = draw(fc.constantFrom, 'websocket', 'h2c');
  const base = route?.path ?? (chance(draw, 80) ? draw(fc.constantFrom, ...PATHS) : `/${encoded(randomText(draw))}`);
  let body: string | undefined;
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) {
    body = randomBody(draw, route?.kind ?? { group: '', version: 'v1', kind: 'Pod' }, patch);
    headers['content-type'] = type;
    headers['content-length'] = String(Buffer.byteLength(body));
  }
  return { method, path: `${base}${query.length === 0 ? '' : `?${query.join('&')}`}`, headers, body };
}

function randomBody(
  draw: Draw,
  kind: { group: string; version: string; kind: string },
  patch: string | undefined,
): string {
  if (chance(draw, 5)) return randomText(draw);
  const object = randomObject(draw, kind);
  if (patch !== 'application/json-patch+json') return JSON.stringify(object);
  const operations = Array.from({ length: draw(fc.constantFrom, 1, 1, 2, 3) }, () => ({
    op: draw(fc.constantFrom, 'add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
    path: draw(
      fc.constantFrom,
      '',
      '/',
      '/metadata',
      '/metadata/labels',
      '/metadata/name',
      '/spec',
      '/spec/x',
      '/spec/-',
      '/data/a~1b',
      'spec',
      '/status',
    ),
    from: draw(fc.constantFrom, '/spec', '/metadata/name', '/nothing', ''),
    value: chance(draw, 50) ? object : randomText(draw),
  }));
  return JSON.stringify(operations);
}

function encoded(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '?'));
}
