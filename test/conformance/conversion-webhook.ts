/** Converts the objects of `customresources-conversion.yaml`, rightly or wrongly, as the path says. */

export interface ConversionReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: {
    readonly uid: string;
    readonly desiredAPIVersion: string;
    readonly objects: readonly Custom[];
  };
}

interface Custom {
  apiVersion: string;
  kind?: string;
  metadata?: unknown;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

type Metadata = Record<string, unknown> & { labels?: object; annotations?: object };

/** One version says `host` and `port`, the other `address`; in status one says `at`, the other `where`. */
function convert(object: Custom, desired: string): Custom {
  const { host, port, address, mode, ...spec } = object.spec ?? {};
  const { at, where, ...status } = object.status ?? {};
  const [name, number] = typeof address === 'string' ? address.split(':') : [];
  const toSecond = desired.endsWith('/v2');
  const place = toSecond
    ? { address: `${host}:${port}`, ...(mode === undefined ? {} : { mode }) }
    : { ...(name && { host: name }), ...(number && { port: Number(number) }) };
  const stands = at ?? where;
  const seen = stands === undefined ? {} : { [toSecond ? 'where' : 'at']: stands };
  return {
    ...object,
    apiVersion: desired,
    spec: { ...spec, ...place },
    ...(object.status && { status: { ...status, ...seen } }),
  };
}

type Change = (object: Custom, metadata: Metadata) => unknown;

/** What is wrong with each converted object. */
const CHANGES: Readonly<Record<string, Change>> = {
  'convert-version': (object) => ({ ...object, apiVersion: 'example.com/v9' }),
  'convert-kind': (object) => ({ ...object, kind: 'Road' }),
  'convert-name': (object, metadata) => ({ ...object, metadata: { ...metadata, name: 'other' } }),
  'convert-namespace': (object, metadata) => ({ ...object, metadata: { ...metadata, namespace: 'other' } }),
  'convert-uid': (object, metadata) => ({ ...object, metadata: { ...metadata, uid: 'other' } }),
  'convert-no-metadata': ({ metadata: _, ...object }) => object,
  'convert-text-metadata': (object) => ({ ...object, metadata: 'text' }),
  'convert-labels': (object, metadata) => ({
    ...object,
    metadata: {
      ...metadata,
      labels: { new: 'label' },
      annotations: { ...metadata.annotations, new: 'annotation' },
      finalizers: ['example.com/new'],
      creationTimestamp: '2020-01-01T00:00:00Z',
    },
  }),
  'convert-bad-label': (object, metadata) => ({ ...object, metadata: { ...metadata, labels: { 'a b': 'c d' } } }),
  'convert-bad-annotation': (object, metadata) => ({
    ...object,
    metadata: { ...metadata, annotations: { 'a b': '' } },
  }),
  'convert-label-type': (object, metadata) => ({ ...object, metadata: { ...metadata, labels: { a: 1 } } }),
  'convert-labels-type': (object, metadata) => ({ ...object, metadata: { ...metadata, labels: ['a'] } }),
  'convert-null': () => null,
  'convert-text-object': () => 'text',
  'convert-no-type': ({ spec }) => ({ spec }),
  'convert-more': (object) => ({ ...object, top: 1, spec: { ...object.spec, colour: 'red', mode: 'more' } }),
  'convert-wrong-type': (object) => ({ ...object, spec: { ...object.spec, address: 7 } }),
};

/** @returns the review's response; a text is the whole answer. */
export function converted(path: string, { apiVersion, request }: ConversionReview): Record<string, unknown> | string {
  const { desiredAPIVersion } = request;
  // Upstream's maps have their keys in order.
  const objects = ordered(request.objects) as readonly Custom[];
  const change = CHANGES[path] ?? ((object: Custom) => object);
  const convertedObjects = objects.map((object) =>
    // Objects of custom resources have metadata.
    change(convert(object, desiredAPIVersion), object.metadata as Metadata),
  );
  const result = { status: 'Success' };
  switch (path) {
    case 'convert-none':
      return { convertedObjects: [], result };
    case 'convert-two':
      return { convertedObjects: [...convertedObjects, ...convertedObjects], result };
    case 'convert-failed':
      return { result: { status: 'Failure', message: 'not today' } };
    case 'convert-failed-silently':
      return { result: { status: 'Failure' } };
    case 'convert-no-result':
      return { convertedObjects };
    case 'convert-wrong-uid':
      return { uid: 'other', convertedObjects, result };
    case 'convert-no-response':
      return JSON.stringify({ apiVersion, kind: 'ConversionReview' });
    case 'convert-other-kind':
      return JSON.stringify({
        apiVersion: 'v1',
        kind: 'Status',
        response: { uid: request.uid, convertedObjects, result },
      });
    case 'convert-count':
      return { result: { status: 'Failure', message: `asked for ${objects.length}` } };
    case 'convert-echo':
      return { result: { status: 'Failure', message: `desired ${desiredAPIVersion} of ${comparable(objects)}` } };
    default:
      return { convertedObjects, result };
  }
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, child]) => [key, ordered(child)]));
}

/** Without what is drawn. */
function comparable(objects: readonly Custom[]): string {
  const drawn = ['resourceVersion', 'managedFields'];
  return JSON.stringify(objects, (key, value: unknown) => (drawn.includes(key) ? undefined : value));
}
