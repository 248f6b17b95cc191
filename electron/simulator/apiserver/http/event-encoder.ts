import type { KubeObject, Status } from '../../../../shared/kubernetes/objects';
import { RecentMap } from '../../recent-map';
import { encodeProtobuf, encodeWatchEvent } from '../protobuf/encode';
import { PROTOBUF } from '../protobuf/messages';
import type { ChangeType } from '../registry/watch';
import { Stored } from '../storage/stored';
import type { Representation } from './representation';

type EventType = ChangeType | 'BOOKMARK' | 'ERROR';

interface Encoded {
  readonly type: EventType;
  readonly bytes: Uint8Array;
}

/** How many events are kept encoded: all watchers hear of a change at about the same time. */
const RECENT_BOUND = 1_024;

/** Events of plain objects, encoded once for all watchers: an object version is only ever told with one type, but for selections. */
const recent = {
  json: new RecentMap<Stored, Encoded>(RECENT_BOUND),
  protobuf: new RecentMap<Stored, Encoded>(RECENT_BOUND),
};

/** Writes the events of one watch (`meta/v1.WatchEvent`). */
export class EventEncoder {
  readonly #representation: Representation;
  readonly #protobuf: boolean;
  #first = true;

  constructor(representation: Representation) {
    this.#representation = representation;
    this.#protobuf = representation.accept.format === 'protobuf' && representation.hasProtobuf;
  }

  /** Of the whole stream. */
  get contentType(): string {
    return this.#protobuf ? `${PROTOBUF};stream=watch` : 'application/json';
  }

  /** Whether what is written are texts. */
  get isText(): boolean {
    return !this.#protobuf;
  }

  /** One event. JSON ends with a line break; bytes do not say where they end. */
  encode(type: EventType, body: Stored | KubeObject | Status): Uint8Array {
    if (!(body instanceof Stored) || !this.#representation.isPlain) return this.#encodeAnew(type, body);
    const events = this.#protobuf ? recent.protobuf : recent.json;
    const known = events.get(body);
    if (known?.type === type) return known.bytes;
    const bytes = this.#encodeAnew(type, body);
    events.set(body, { type, bytes });
    return bytes;
  }

  #encodeAnew(type: EventType, body: Stored | KubeObject | Status): Uint8Array {
    const json = isStatus(body) ? JSON.stringify(body) : this.#representation.event(body, this.#first);
    this.#first = false;
    if (this.#protobuf) return encodeWatchEvent(type, encodeProtobuf(JSON.parse(json)) ?? Buffer.from(json));
    return Buffer.from(`{"type":"${type}","object":${json}}\n`);
  }
}

function isStatus(body: Stored | KubeObject | Status): body is Status {
  return !(body instanceof Stored) && body.kind === 'Status';
}
