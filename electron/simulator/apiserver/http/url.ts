/** A request's target as kube-apiserver reads it: Go's net/url. */
export interface RequestUrl {
  /** Decoded: a `%2F` in it separates as a slash does. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * @param whole of the request's first line; the host in one that names it counts for nothing.
 * @returns `undefined` when the path has an escape that is none.
 */
export function parseUrl(whole: string): RequestUrl | undefined {
  const target = whole.replace(/^[a-z][\w+.-]*:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  const path = unescaped(mark < 0 ? target : target.slice(0, mark));
  if (path === undefined) return undefined;
  return { path, query: parseQuery(mark < 0 ? '' : target.slice(mark + 1)) };
}

/** Pairs that cannot be read are left out, as by Go's `URL.Query`: those with a semicolon or a broken escape. */
function parseQuery(text: string): URLSearchParams {
  const query = new URLSearchParams();
  if (text === '') return query;
  for (const pair of text.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const equals = pair.indexOf('=');
    const key = unescaped((equals < 0 ? pair : pair.slice(0, equals)).replaceAll('+', ' '));
    const value = unescaped(equals < 0 ? '' : pair.slice(equals + 1).replaceAll('+', ' '));
    if (key !== undefined && value !== undefined) query.append(key, value);
  }
  return query;
}

function unescaped(text: string): string | undefined {
  if (!text.includes('%')) return text;
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined;
  const bytes = text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  // What stands unescaped has come in as single bytes as well.
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
