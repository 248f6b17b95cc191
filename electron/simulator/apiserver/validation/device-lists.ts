import { duplicate, type FieldError, tooMany } from './field-error';

/** Lists in the descriptions of devices (pkg/apis/resource/validation, `validateSlice` and `validateSet`). */

export type ValidateItem<T> = (item: T, path: string) => FieldError[];

/** A list of at most so many items; one that is too long is not looked into. */
export function validateList<T>(
  list: readonly T[],
  most: number,
  path: string,
  validateItem: ValidateItem<T>,
): FieldError[] {
  if (list.length > most) return [tooMany(path, list.length, most)];
  return list.flatMap((item, index) => validateItem(item, `${path}[${index}]`));
}

/** The same, whose items differ in their keys. */
export function validateSet<T>(
  list: readonly T[],
  most: number,
  path: string,
  keyOf: (item: T) => string,
  validateItem: ValidateItem<T>,
): FieldError[] {
  const errors = validateList(list, most, path, validateItem);
  if (list.length > most) return errors;
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const key = keyOf(item);
    if (seen.has(key)) errors.push(duplicate(`${path}[${index}]`, key));
    seen.add(key);
  }
  return errors;
}
