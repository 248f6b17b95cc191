const CHECKS = ['ping', 'log', 'etcd', 'informer-sync', 'poststarthook/rbac/bootstrap-roles', 'shutdown'];

/** The answer of a health endpoint, or of one of its checks; `undefined` when the path is none. */
export function healthPath(path: string, query: URLSearchParams): string | undefined {
  const [, endpoint = '', ...rest] = path.split('/');
  if (!['healthz', 'livez', 'readyz'].includes(endpoint)) return undefined;
  const check = rest.join('/');
  if (check !== '') return CHECKS.includes(check) ? 'ok' : undefined;
  if (!query.has('verbose')) return 'ok';
  const excluded = new Set(query.getAll('exclude'));
  const lines = CHECKS.map((name) => `[+]${name} ${excluded.has(name) ? 'excluded: ok' : 'ok'}`);
  return `${lines.join('\n')}\n${endpoint} check passed\n`;
}
