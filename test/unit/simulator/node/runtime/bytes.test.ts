import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteDecoder, byteLength, bytesOf, textOf } from '../../../../../electron/simulator/node/runtime/bytes';

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  // Text with damage: what random bytes hardly ever are.
  fc
    .tuple(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 4 }), fc.string({ unit: 'binary' }))
    .map(([before, damage, after]) => Buffer.concat([Buffer.from(before), damage, Buffer.from(after)])),
);

describe('text that holds any bytes', () => {
  it('gives back the bytes that it was made of', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = textOf(bytes);
        expect(bytesOf(text).equals(bytes)).toBe(true);
        expect(byteLength(text)).toBe(bytes.length);
      }),
      { seed: 1 },
    );
  });

  it('is plain text where the bytes are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(textOf(Buffer.from(text))).toBe(text);
      }),
      { seed: 2 },
    );
    expect(textOf(Buffer.from('\ufeffé💀\0'))).toBe('\ufeffé💀\0');
  });

  it('can be put together from pieces decoded on their own', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(200), (bytes, cut) => {
        const text = textOf(bytes.subarray(0, cut)) + textOf(bytes.subarray(cut));
        expect(bytesOf(text).equals(bytes)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it('keeps characters whole when the pieces come as a stream', () => {
    fc.assert(
      fc.property(anyBytes, fc.array(fc.nat(200), { maxLength: 6 }), (bytes, cuts) => {
        const decoder = new ByteDecoder();
        let text = '';
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
          text += decoder.decode(bytes.subarray(from, Math.max(from, cut)));
          from = Math.max(from, cut);
        }
        expect(text + decoder.end()).toBe(textOf(bytes));
      }),
      { seed: 1 },
    );
  });
});
