import { EvaluationError } from '../values/value';

/** A URL's parts, as Go's `net/url` tells them. */
export interface GoUrl {
  readonly scheme: string;
  /** With its port. */
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly escapedPath: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly text: string;
}

/**
 * A URL with a scheme or an absolute path, as Go's `url.ParseRequestURI` reads it.
 * @throws EvaluationError with Go's text.
 */
export function parseRequestUri(text: string): GoUrl {
  const fail = (why: string) => new EvaluationError(`parse ${JSON.stringify(text)}: ${why}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) throw fail('net/url: invalid control character in URL');
  if (text === '') throw fail('empty url');
  const [withoutQuery = '', rawQuery = ''] = splitOnce(text, '?');
  const { scheme, rest } = schemeOf(withoutQuery, fail);
  if (!rest.startsWith('/')) throw fail('invalid URI for request');
  const [, authority, path = ''] =
    scheme !== '' || rest.startsWith('//') ? (/^(?:\/\/([^/]*))?(.*)$/s.exec(rest) ?? []) : ['', undefined, rest];
  checkEscapes(path, fail);
  const host = authority === undefined ? '' : hostOf(authority, fail);
  const { hostname, port } = splitHost(host);
  return { scheme, host, hostname, port, escapedPath: escapePath(path), query: queryOf(rawQuery), text };
}

type Fail = (why: string) => EvaluationError;

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function schemeOf(text: string, fail: Fail): { readonly scheme: string; readonly rest: string } {
  if (text.startsWith(':')) throw fail('missing protocol scheme');
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(text);
  if (match !== null) return { scheme: (match[1] ?? '').toLowerCase(), rest: match[2] ?? '' };
  const [segment = ''] = text.split('/');
  if (!text.startsWith('/') && segment.includes(':')) throw fail('first path segment in URL cannot contain colon');
  return { scheme: '', rest: text };
}

function checkEscapes(text: string, fail: Fail): void {
  const wrong = /%(?![0-9a-fA-F]{2})(.{0,2})/s.exec(text);
  if (wrong !== null) throw fail(`invalid URL escape ${JSON.stringify(`%${wrong[1]}`)}`);
}

function hostOf(authority: string, fail: Fail): string {
  const at = authority.lastIndexOf('@');
  if (at >= 0 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at))) {
    throw fail('net/url: invalid userinfo');
  }
  const host = authority.slice(at + 1);
  if (host.startsWith('[')) {
    const end = host.lastIndexOf(']');
    if (end < 0) throw fail("missing ']' in host");
    checkPort(host.slice(end + 1), fail);
    return host;
  }
  const colon = host.indexOf(':');
  if (colon >= 0) checkPort(host.slice(host.lastIndexOf(':')), fail);
  const bad = /[^A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]/u.exec(host);
  if (bad !== null) throw fail(`invalid character ${JSON.stringify(bad[0])} in host name`);
  checkEscapes(host, fail);
  return host;
}

function checkPort(port: string, fail: Fail): void {
  if (port !== '' && !/^:\d*$/.test(port)) throw fail(`invalid port ${JSON.stringify(port)} after host`);
}

function splitHost(host: string): { readonly hostname: string; readonly port: string } {
  const match = /^(.*?)(?::(\d*))?$/s.exec(host);
  const hostname = match?.[1] ?? host;
  return { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port: match?.[2] ?? '' };
}

/** The path as it was written when that is well-formed; else with what must be escaped escaped. */
function escapePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~$&+,/:;=@!'()*[\]%]/gu, (character) => encodeURIComponent(character));
}

function queryOf(raw: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const pair of raw.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const [key = '', value = ''] = splitOnce(pair, '=').map(unescapeQuery);
    if (key === undefined || value === undefined) continue;
    query.set(key, [...(query.get(key) ?? []), value]);
  }
  return query;
}

function unescapeQuery(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' ').replace(/%(?![0-9a-fA-F]{2})/g, '%25'));
}
