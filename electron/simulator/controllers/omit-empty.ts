/**
 * A status as it is written: what upstream's types mark `omitempty` is left out while it is zero or an empty list.
 * @param kept fields that are always written: those upstream has as pointers, or without the mark.
 */
export function omitEmpty<T extends object>(status: T, ...kept: (keyof T & string)[]): T {
  const entries = Object.entries(status).filter(
    ([name, value]) =>
      (kept as string[]).includes(name) || !(value === 0 || (Array.isArray(value) && value.length === 0)),
  );
  // Only optional fields go: what a type requires is named among `kept`.
  return Object.fromEntries(entries) as T;
}
