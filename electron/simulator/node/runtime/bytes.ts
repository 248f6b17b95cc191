import { isUtf8 } from 'node:buffer';

/**
 * Text that can hold any bytes. Simulated programs work on strings, as shells do on text; a byte that is part of no UTF-8
 * character becomes the lone surrogate U+DC00 plus the byte (as Python's `surrogateescape`, PEP 383), and becomes that byte
 * again on its way out. So files, pipes and streams lose nothing, and text stays plain text.
 */
const ESCAPE = 0xdc00;

/** A low surrogate that may be an escape: those of pairs are told apart more slowly. */
const MAYBE_ESCAPED = /[\udc80-\udcff]/;

/** Decodes any bytes. */
export function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  // No byte makes more than one unit: four bytes of a long character make two.
  const units = new Uint16Array(buffer.length);
  let count = 0;
  for (let i = 0; i < buffer.length; ) {
    const length = characterLength(buffer, i);
    if (length === 0) units[count++] = ESCAPE + (buffer[i++] ?? 0);
    else if (length === 1) units[count++] = buffer[i++] ?? 0;
    else {
      const character = buffer.toString('utf8', i, i + length);
      units[count++] = character.charCodeAt(0);
      if (character.length > 1) units[count++] = character.charCodeAt(1);
      i += length;
    }
  }
  return Buffer.from(units.buffer, 0, count * 2).toString('utf16le');
}

/** Encodes text as the bytes that it stands for. */
export function bytesOf(text: string): Buffer {
  if (!MAYBE_ESCAPED.test(text)) return Buffer.from(text, 'utf8');
  // Three bytes for each unit are enough: a pair makes four.
  const bytes = Buffer.allocUnsafe(text.length * 3);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes[count++] = unit;
    else if (unit >= ESCAPE + 0x80 && unit <= ESCAPE + 0xff) bytes[count++] = unit - ESCAPE;
    else {
      const point = text.codePointAt(i) ?? 0;
      const character = String.fromCodePoint(point);
      count += bytes.write(character, count);
      if (point > 0xffff) i++;
    }
  }
  return bytes.subarray(0, count);
}

/** How many bytes a text stands for. */
export function byteLength(text: string): number {
  return MAYBE_ESCAPED.test(text) ? bytesOf(text).length : Buffer.byteLength(text);
}

/** The text of one byte. */
export function byteText(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : ESCAPE + byte);
}

/** Decodes bytes that come in pieces, keeping a character that a piece ends within for the next. */
export class ByteDecoder {
  #held: Buffer = Buffer.alloc(0);

  decode(chunk: Uint8Array): string {
    const bytes = this.#held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#held, chunk]);
    const complete = bytes.length - unfinished(bytes);
    this.#held = bytes.subarray(complete);
    return textOf(bytes.subarray(0, complete));
  }

  /** What was held when no more comes. */
  end(): string {
    const rest = textOf(this.#held);
    this.#held = Buffer.alloc(0);
    return rest;
  }
}

/** The length of the well-formed character at `i`; 0 when there is none (Unicode, table 3-7). */
function characterLength(bytes: Uint8Array, i: number): number {
  const length = announced(bytes[i] ?? 0);
  if (length <= 1) return length;
  if (i + length > bytes.length) return 0;
  return wellFormed(bytes, i, length) ? length : 0;
}

/** How long the character is that begins with this byte; 0 when none does. */
function announced(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** Whether `count` bytes from `i` on can be (the beginning of) one character. */
function wellFormed(bytes: Uint8Array, i: number, count: number): boolean {
  const first = bytes[i] ?? 0;
  const second = bytes[i + 1] ?? 0;
  if (count > 1) {
    const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) return false;
  }
  for (let at = i + 2; at < i + count; at++) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return false;
  return true;
}

/** How many bytes at the end are the beginning of a character. */
function unfinished(bytes: Uint8Array): number {
  for (let count = 1; count <= Math.min(3, bytes.length); count++) {
    const at = bytes.length - count;
    if (announced(bytes[at] ?? 0) > count && wellFormed(bytes, at, count)) return count;
  }
  return 0;
}
