/**
 * A JSON value as text. Integers of 64 bits, which `JSON.stringify` refuses, are written by hand; an object that has none of
 * them never pays for that.
 */
export function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // A bigint somewhere in it. Anything else fails below as well.
    if (!(error instanceof TypeError)) throw error;
    return write(value);
  }
}

function write(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.entries(value).flatMap(([key, child]) =>
    child === undefined ? [] : [`${JSON.stringify(key)}:${write(child)}`],
  );
  return `{${members.join(',')}}`;
}
