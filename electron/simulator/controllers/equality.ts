/**
 * Whether two API values mean the same: absent, null, and empty lists and maps are one (apimachinery,
 * `equality.Semantic.DeepEqual`).
 */
export function equivalent(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => equivalent(item, b[index]));
  }
  return equivalentMembers(a as Record<string, unknown>, b as Record<string, unknown>);
}

function equivalentMembers(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  return (
    Object.keys(a).every((key) => equivalent(a[key], b[key])) &&
    Object.keys(b).every((key) => key in a || isEmpty(b[key]))
  );
}

/** A list with anything in it says something, be it of nothing; a map says only what its members say. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
