import { type CelFunction, member, overload } from '../functions';
import { BOOL, type CelType, listOf, mapOf, STRING, struct } from '../types';
import { ValueList, ValueMap } from '../values/collections';
import { EvaluationError, Opaque, type Value } from '../values/value';
import { type GoUrl, parseRequestUri } from './go-url';

const URL_TYPE: CelType = struct('kubernetes.URL');

class UrlValue extends Opaque {
  readonly type = URL_TYPE;
  readonly url: GoUrl;

  constructor(url: GoUrl) {
    super();
    this.url = url;
  }

  equals(other: Value): boolean {
    return other instanceof UrlValue && other.url.text === this.url.text;
  }
}

function parse(text: string): UrlValue {
  try {
    return new UrlValue(parseRequestUri(text));
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new EvaluationError(`URL parse error during conversion from string: ${error.message}`);
  }
}

function isUrl(text: string): boolean {
  try {
    return parseRequestUri(text) !== undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

function queryOf({ url }: UrlValue): ValueMap {
  const map = new ValueMap();
  for (const [key, values] of url.query) map.set(key, new ValueList(values));
  return map;
}

const part = (name: string, id: string, read: (url: GoUrl) => string): CelFunction => ({
  name,
  overloads: [member(id, [URL_TYPE], STRING, ({ url }: UrlValue) => read(url))],
});

/** k8s.io/apiserver/pkg/cel/library/urls.go. */
export const urls: readonly CelFunction[] = [
  { name: 'url', overloads: [overload('string_to_url', [STRING], URL_TYPE, parse)] },
  part('getScheme', 'url_get_scheme', ({ scheme }) => scheme),
  part('getHost', 'url_get_host', ({ host }) => host),
  part('getHostname', 'url_get_hostname', ({ hostname }) => hostname),
  part('getPort', 'url_get_port', ({ port }) => port),
  part('getEscapedPath', 'url_get_escaped_path', ({ escapedPath }) => escapedPath),
  {
    name: 'getQuery',
    overloads: [member('url_get_query', [URL_TYPE], mapOf(STRING, listOf(STRING)), queryOf)],
  },
  { name: 'isURL', overloads: [overload('is_url_string', [STRING], BOOL, isUrl)] },
];
