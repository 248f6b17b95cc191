import { failure } from '../status-errors';

/** How an answer is to be written. */
export interface Accepted {
  readonly format: 'json' | 'yaml';
  /** Objects as they are, or in one of the shapes that the meta group offers. */
  readonly as: 'Object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
}

const AS_OBJECTS: Accepted = { format: 'json', as: 'Object' };

/**
 * Reads an Accept header. The first type that can be served wins, as upstream's negotiation has it; protobuf is never
 * served, so that clients that list JSON behind it get that.
 * @throws StatusError 406 when nothing listed can be served.
 */
export function accepted(header: string | undefined): Accepted {
  if (header === undefined || header.trim() === '') return AS_OBJECTS;
  for (const { type, parameters } of mediaTypes(header)) {
    const format = formatOf(type);
    if (format === undefined) continue;
    const as = parameters.get('as');
    if (as === undefined) return { format, as: 'Object' };
    if (parameters.get('g') !== 'meta.k8s.io' || parameters.get('v') !== 'v1') continue;
    if (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { format, as };
  }
  throw failure(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
    {},
  );
}

export interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The types of an Accept header, in their order. Preference values are not looked at, as in upstream. */
export function mediaTypes(header: string): MediaType[] {
  return header.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const pairs = parameters.map((parameter): [string, string] => {
      const [name = '', value = ''] = parameter.split('=');
      return [name, value];
    });
    return { type: type.toLowerCase(), parameters: new Map(pairs) };
  });
}

function formatOf(type: string): Accepted['format'] | undefined {
  switch (type) {
    case 'application/json':
    case 'application/*':
    case '*/*':
      return 'json';
    case 'application/yaml':
      return 'yaml';
    default:
      return undefined;
  }
}
