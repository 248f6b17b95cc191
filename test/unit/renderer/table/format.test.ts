import { describe, expect, it } from 'vitest';
import { formatBytes, formatCores } from '../../../../renderer/table/format';

describe('quantities for people', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [8_589_934_592, '8 GiB'],
    [153_600_000, '146 MiB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, '0'],
    [0.25, '250m'],
    [1.5, '1.5'],
    [16, '16'],
  ])('%d cores are %s', (cores, text) => expect(formatCores(cores)).toBe(text));
});
