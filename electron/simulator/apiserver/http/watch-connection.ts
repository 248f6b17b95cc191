import type { ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';

/** What a watch writes its events to. */
export interface WatchConnection {
  /** Bytes that are not sent yet. */
  readonly waiting: number;
  send(event: Uint8Array): void;
  /** Called whenever there is room again, and once when the client is gone. */
  listen(events: { drain(): void; gone(): void }): void;
  /** Ends after all that was sent. */
  end(): void;
  /** Ends at once: the client does not read. */
  cut(): void;
}

/** An answer without an end: events follow one another, binary ones with their length before them. */
export function responseConnection(response: ServerResponse, isText: boolean): WatchConnection {
  return {
    get waiting() {
      return response.writableLength;
    },
    send(event) {
      if (!isText) {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(event.length);
        response.write(length);
      }
      response.write(event);
    },
    listen({ drain, gone }) {
      response.on('drain', drain);
      response.on('close', gone);
      response.on('error', gone);
    },
    end: () => response.end(),
    cut: () => response.destroy(),
  };
}

/** A message an event. What the client sends is ignored (apiserver/pkg/endpoints/handlers/watch.go HandleWS). */
export function webSocketConnection(socket: WebSocket, isText: boolean): WatchConnection {
  let drained = () => {};
  return {
    get waiting() {
      return socket.bufferedAmount;
    },
    send: (event) => socket.send(event, { binary: !isText }, () => drained()),
    listen({ drain, gone }) {
      drained = drain;
      socket.on('close', gone);
      socket.on('error', gone);
    },
    end: () => socket.close(),
    cut: () => socket.terminate(),
  };
}
