import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into the JSON documents on its lines. A last line without an end is left out. */
export class JsonLines {
  private readonly decoder = new StringDecoder('utf8');
  /** The pieces of a line that is not complete yet: a large object comes in many. */
  private pieces: string[] = [];

  /** @throws SyntaxError when a line is not JSON. */
  *push(chunk: Buffer): Generator<unknown> {
    const lines = this.decoder.write(chunk).split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      const text = this.pieces.length === 0 ? line : this.pieces.join('') + line;
      this.pieces = [];
      if (text.trim() !== '') yield JSON.parse(text);
    }
    if (last !== '') this.pieces.push(last);
  }
}
