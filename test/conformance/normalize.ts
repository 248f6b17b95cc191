/** What a server answered, without what is different every time. */
export interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON where it is JSON; a list for a watch; else the text. */
  readonly body: unknown;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g;
/** Drawn from the alphabet of generated names. */
const ACCESS_VOLUME = /kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}/g;

/** Versions within a message. What a client asked for by a number of its own stays. */
const VERSION_IN_TEXT =
  /(Too large resource version: \d+, current: |too old resource version: \d+ \(|ResourceVersion in (?:object meta: |record \())\d+/g;

/** Members whose values are drawn, counted or allocated: what stands for each. */
const DRAWN: Readonly<Record<string, string>> = {
  resourceVersion: '<version>',
  nodePort: '<port>',
  healthCheckNodePort: '<port>',
  clusterIP: '<address>',
  token: '<token>',
};

/**
 * Puts a placeholder for whatever differs between two runs of the same requests.
 * @param names what to write for a text: the file's own namespace.
 * @param ignored paths that are left out: `metadata.managedFields`, `items.*.status`.
 */
export function normalized(answer: Answer, names: ReadonlyMap<string, string>, ignored: readonly string[]): Answer {
  const paths = ignored.map((path) => path.split('.'));
  return {
    code: answer.code,
    headers: Object.fromEntries(Object.entries(answer.headers).map(([key, value]) => [key, plain(value, names)])),
    body: value(answer.body, '', paths, names),
  };
}

function value(
  item: unknown,
  key: string,
  ignored: readonly (readonly string[])[],
  names: ReadonlyMap<string, string>,
): unknown {
  if (typeof item === 'number') return DRAWN[key] === '<port>' && item !== 0 ? '<port>' : item;
  if (typeof item === 'string' && key === 'continue' && item !== '') return continuation(item, names);
  if (typeof item === 'string') return drawn(key, item) ?? plain(item, names);
  if (Array.isArray(item)) {
    const below = descend(ignored, '*');
    if (key === 'clusterIPs') return item.map((address) => drawn('clusterIP', String(address)) ?? address);
    return item.map((child) => value(child, key, below, names));
  }
  if (typeof item !== 'object' || item === null) return item;
  const metadata = item as { name?: unknown; generateName?: unknown };
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, child]): [string, unknown][] => {
      if (ignored.some((path) => path.length === 1 && (path[0] === name || path[0] === '*'))) return [];
      if (name === 'name' && typeof metadata.generateName === 'string' && typeof child === 'string') {
        return [
          [name, child.startsWith(metadata.generateName) ? `${plain(metadata.generateName, names)}<suffix>` : child],
        ];
      }
      return [[plain(name, names), value(child, name, descend(ignored, name), names)]];
    }),
  );
}

function descend(ignored: readonly (readonly string[])[], name: string) {
  return ignored
    .filter((path) => path.length > 1 && (path[0] === name || path[0] === '*'))
    .map((path) => path.slice(1));
}

/** What a token for the rest of a list says, without the list's version: pkg/storage/continue.go. */
function continuation(token: string, names: ReadonlyMap<string, string>): string {
  const text = plain(Buffer.from(token, 'base64url').toString(), names);
  return `<token>${text.replace(/"rv":\d+/, '"rv":<version>')}`;
}

function drawn(key: string, text: string): string | undefined {
  const stands = DRAWN[key];
  if (stands === undefined || text === '' || text === 'None') return undefined;
  if (key === 'resourceVersion' && text === '0') return undefined;
  return stands;
}

function plain(text: string, names: ReadonlyMap<string, string>): string {
  let result = text.replace(UUID, '<uid>').replace(TIME, '<time>').replace(ACCESS_VOLUME, 'kube-api-access-<suffix>');
  result = result.replace(VERSION_IN_TEXT, '$1<version>');
  for (const [name, stands] of names) result = result.replaceAll(name, stands);
  return result;
}

/**
 * An answer without what depends on how long its case took or on chance: ages in tables, the order of the entries of
 * managedFields, which the server orders by second, and that of an apply's conflicts, which it does not order.
 */
export function withoutPace(answer: Answer | undefined): Answer | undefined {
  return answer && { ...answer, body: paceless(answer.body) };
}

/** As the server prints how long ago something was. */
const AGE = /^\d+s$/;

function paceless(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(paceless);
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(
    Object.entries(item).map(([key, child]): [string, unknown] => {
      if (!Array.isArray(child)) return [key, paceless(child)];
      if (key === 'cells') return [key, child.map((cell) => (AGE.test(String(cell)) ? '<age>' : cell))];
      if (key === 'causes') return [key, [...child].sort(byConflict)];
      if (key !== 'managedFields') return [key, paceless(child)];
      const identity = (entry: { operation?: string; manager?: string; subresource?: string; apiVersion?: string }) =>
        [entry.operation, entry.manager, entry.subresource ?? '', entry.apiVersion].join('/');
      return [key, [...child].sort((a, b) => (identity(a) < identity(b) ? -1 : 1))];
    }),
  );
}

interface Cause {
  readonly reason?: string;
  readonly message?: string;
}

function byConflict(a: Cause, b: Cause): number {
  if (a.reason !== 'FieldManagerConflict' || b.reason !== a.reason) return 0;
  return (a.message ?? '') < (b.message ?? '') ? -1 : (a.message ?? '') > (b.message ?? '') ? 1 : 0;
}
