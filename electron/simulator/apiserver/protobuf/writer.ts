/** Writes the fields of protobuf messages, one after another, into bytes that grow as needed. */
export class Writer {
  #buffer = Buffer.allocUnsafe(1024);
  #at = 0;

  /** A copy of what has been written. */
  bytes(): Uint8Array {
    return Buffer.from(this.#buffer.subarray(0, this.#at));
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  text(number: number, text: string): void {
    this.#key(number, 2);
    const length = Buffer.byteLength(text);
    this.#varint(length);
    this.#reserve(length);
    this.#at += this.#buffer.write(text, this.#at);
  }

  block(number: number, bytes: Uint8Array): void {
    this.#key(number, 2);
    this.#varint(bytes.length);
    this.raw(bytes);
  }

  /** A whole number of up to 64 bits; a negative one takes ten bytes. */
  integer(number: number, value: number | bigint): void {
    this.#key(number, 0);
    if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) this.#varint(value);
    else this.#large(BigInt.asUintN(64, BigInt(typeof value === 'bigint' ? value : Math.trunc(value))));
  }

  double(number: number, value: number): void {
    this.#key(number, 1);
    this.#reserve(8);
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
  }

  /** A message within. @param fill writes its fields. */
  nested(number: number, fill: () => void): void {
    this.#key(number, 2);
    // Most are shorter than 128 bytes: their length is one byte, for which there is room; longer ones are moved on.
    this.#reserve(1);
    const start = this.#at++;
    fill();
    const length = this.#at - start - 1;
    const more = lengthOf(length) - 1;
    if (more > 0) {
      this.#reserve(more);
      this.#buffer.copyWithin(start + 1 + more, start + 1, this.#at);
    }
    const end = this.#at + more;
    this.#at = start;
    this.#varint(length);
    this.#at = end;
  }

  #key(number: number, wireType: number): void {
    this.#varint(number * 8 + wireType);
  }

  #varint(value: number): void {
    this.#reserve(10);
    let left = value;
    while (left > 0x7f) {
      this.#buffer[this.#at++] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    this.#buffer[this.#at++] = left;
  }

  #large(value: bigint): void {
    this.#reserve(10);
    let left = value;
    while (left > 0x7fn) {
      this.#buffer[this.#at++] = Number(left & 0x7fn) | 0x80;
      left >>= 7n;
    }
    this.#buffer[this.#at++] = Number(left);
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + length));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

/** How many bytes a length takes. */
function lengthOf(value: number): number {
  let bytes = 1;
  for (let left = value; left > 0x7f; left = Math.floor(left / 0x80)) bytes++;
  return bytes;
}
