import type { IncomingMessage } from 'node:http';
import { PROTOBUF } from '../protobuf/messages';
import { failure } from '../status-errors';

export type Format = 'json' | 'yaml' | 'protobuf';

/** A shape that the meta group offers for objects of any kind. */
export interface Transform {
  readonly kind: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  readonly version: 'v1' | 'v1beta1';
}

/** How an answer is to be written. */
export interface Accepted {
  readonly format: Format;
  /** JSON for people. */
  readonly pretty: boolean;
  /** Absent: objects as they are. */
  readonly as?: Transform;
}

/** What upstream's codecs can write, the preferred one first. */
const FORMATS: readonly { readonly type: string; readonly format: Format }[] = [
  { type: 'application/json', format: 'json' },
  { type: 'application/yaml', format: 'yaml' },
  { type: PROTOBUF, format: 'protobuf' },
];

export const MEDIA_TYPES: readonly string[] = FORMATS.map(({ type }) => type);

/** Those in which events can follow one another. */
const STREAM_TYPES = ['application/json;stream=watch', `${PROTOBUF};stream=watch`];

type Asking = Pick<IncomingMessage, 'headers'>;

/**
 * Chooses how to answer (apiserver/pkg/endpoints/handlers/negotiation).
 * @param offers `objects` in the meta group's shapes too, as a `stream` of events, or nothing but what there `is`.
 * @param hasProtobuf whether objects as they are have a protobuf form.
 * @throws StatusError 406 when nothing that is asked for can be served.
 */
export function accepted(
  { headers }: Asking,
  query: URLSearchParams,
  offers: 'objects' | 'stream' | 'as is',
  hasProtobuf = true,
): Accepted {
  const chosen = negotiate(headers.accept, offers !== 'as is', hasProtobuf);
  if (offers === 'stream' && chosen?.format === 'yaml') throw notAcceptable(STREAM_TYPES);
  if (chosen === undefined) throw notAcceptable(MEDIA_TYPES);
  return { ...chosen, pretty: chosen.pretty || isPretty(headers['user-agent'], query) };
}

function notAcceptable(types: readonly string[]) {
  return failure(406, 'NotAcceptable', `only the following media types are accepted: ${types.join(', ')}`);
}

/** @param shapes whether the meta group's can be had. */
export function negotiate(header: string | undefined, shapes: boolean, hasProtobuf = true): Accepted | undefined {
  if (header === undefined || header === '') return { format: 'json', pretty: false };
  for (const { type, parameters } of mediaTypes(header)) {
    for (const offer of FORMATS) {
      const matches = type === offer.type || type === '*/*' || type === 'application/*';
      const as = matches ? transform(parameters, offer.format, shapes) : 'refused';
      if (as === 'refused' || (as === undefined && offer.format === 'protobuf' && !hasProtobuf)) continue;
      return { format: offer.format, pretty: parameters.get('pretty') === '1', ...(as === undefined ? {} : { as }) };
    }
  }
  return undefined;
}

function transform(
  parameters: ReadonlyMap<string, string>,
  format: Format,
  shapes: boolean,
): Transform | undefined | 'refused' {
  if (!['', 'watch'].includes(parameters.get('stream') ?? '')) return 'refused';
  if (parameters.get('stream') === 'watch' && format === 'yaml') return 'refused';
  if (!['', 'v1'].includes(parameters.get('sv') ?? '')) return 'refused';
  const kind = parameters.get('as');
  const version = parameters.get('v');
  const group = parameters.get('g');
  if (kind === undefined && version === undefined && group === undefined) return undefined;
  if (!shapes || group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return 'refused';
  // Rows of cells have no protobuf form.
  if (kind === 'Table') return format === 'protobuf' ? 'refused' : { kind, version };
  return kind === 'PartialObjectMetadata' || kind === 'PartialObjectMetadataList' ? { kind, version } : 'refused';
}

/** Whether a person reads this: the `pretty` parameter says so, or the program that asks. */
export function isPretty(userAgent: string | undefined, query: URLSearchParams): boolean {
  const asked = query.get('pretty') ?? '';
  if (asked !== '') return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent ?? '');
}

/**
 * Whether a route that produces some types is worth asking at all: go-restful looks before any handler does, and more
 * narrowly.
 * @throws StatusError 406.
 */
export function checkProduces({ headers }: Asking, types: readonly string[]): void {
  const { accept = '' } = headers;
  if (accept === '') return;
  for (const part of accept.split(',')) {
    const type = part.split(';')[0]?.trim() ?? '';
    if (type === '*/*' || types.includes(type) || types.includes('*/*')) return;
  }
  const message = `406: Not Acceptable\n\nAvailable representations: ${types.join(', ')}`;
  throw failure(406, 'NotAcceptable', message, {});
}

/** What a collection that can be watched produces. */
export const LIST_TYPES: readonly string[] = [...MEDIA_TYPES, ...STREAM_TYPES];

export interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

interface Clause extends MediaType {
  readonly quality: number;
}

/** The types of an Accept header, the most wanted first (github.com/munnerz/goautoneg ParseAccept). */
export function mediaTypes(header: string): MediaType[] {
  const clauses: Clause[] = [];
  for (const part of header.split(',')) {
    const [name = '', ...pieces] = part.split(';');
    const [type = '', subtype, more] = name.split('/').map((text) => text.trim());
    if (more !== undefined || (subtype === undefined || subtype === '' ? type !== '*' : false)) continue;
    const parameters = new Map<string, string>();
    let quality = 1;
    for (const piece of pieces) {
      const [key = '', value = '', extra] = piece.split('=').map((text) => text.trim());
      if (value === '' || extra !== undefined) continue;
      if (key === 'q') quality = Number(value) || 0;
      else parameters.set(key, value);
    }
    clauses.push({ type: `${type}/${subtype || '*'}`, parameters, quality });
  }
  return sorted(clauses);
}

/** By insertion, as Go sorts so few: the comparison is no order, and what comes first depends on how it is used. */
function sorted(clauses: Clause[]): Clause[] {
  for (let end = 1; end < clauses.length; end++) {
    for (let at = end; at > 0; at--) {
      const [before, clause] = [clauses[at - 1], clauses[at]];
      if (before === undefined || clause === undefined || !isPreferred(clause, before)) break;
      clauses[at - 1] = clause;
      clauses[at] = before;
    }
  }
  return clauses;
}

function isPreferred(a: Clause, b: Clause): boolean {
  if (a.quality > b.quality) return true;
  if (!a.type.startsWith('*/') && b.type.startsWith('*/')) return true;
  return !a.type.endsWith('/*') && b.type.endsWith('/*');
}
