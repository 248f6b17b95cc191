const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * A short name for a value, the same whatever the order of its keys: FNV-1a over 32 bits, its decimal digits written in
 * letters that spell no words (pkg/controller, `ComputeHash`). Upstream hashes Go's own dump of the value, so the letters
 * differ from a real cluster's; nothing but equality is ever read from them.
 * @param collisionCount set apart values whose hashes fell together.
 */
export function templateHash(value: unknown, collisionCount?: number): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(
    canonical(value) + (collisionCount === undefined ? '' : `#${collisionCount}`),
  )) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return Array.from(String(hash), (digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join('');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
