import { type CelType, DYN, formatType, isDyn, isSame, NULL, parameter } from '../types';

/** What type parameters stand for so far (cel-go's `checker/mapping.go`). */
export type Substitutions = ReadonlyMap<string, CelType>;

/**
 * Whether values of the one type may stand where the other is wanted (cel-go's `checker/types.go`).
 * @returns what type parameters stand for then; `undefined` when they may not.
 */
export function assign(
  known: Substitutions,
  pairs: readonly (readonly [CelType, CelType])[],
): Substitutions | undefined {
  const copy = new Map(known);
  return pairs.every(([a, b]) => unify(copy, a, b)) ? copy : undefined;
}

function unify(known: Map<string, CelType>, a: CelType, b: CelType): boolean {
  if (b.kind === 'typeParam') {
    const { valid, known: bound } = substitutes(known, a, b);
    if (valid) return true;
    if (bound) return false;
  }
  if (a.kind === 'typeParam') return substitutes(known, b, a).valid;
  if (isDyn(a) || isDyn(b) || a.kind === 'error' || b.kind === 'error') return true;
  if (a.kind === 'null') return isNullable(b);
  if (b.kind === 'null') return isNullable(a);
  switch (a.kind) {
    case 'type':
      return b.kind === 'type';
    case 'opaque':
    case 'list':
    case 'map':
      return (
        a.kind === b.kind &&
        a.name === b.name &&
        a.parameters.length === b.parameters.length &&
        a.parameters.every((one, index) => unify(known, one, parameter(b, index)))
      );
    default:
      return a.kind === b.kind && a.name === b.name;
  }
}

function isNullable(type: CelType): boolean {
  if (type.nullable || isSame(type, NULL)) return true;
  return ['opaque', 'struct', 'any', 'duration', 'timestamp'].includes(type.kind);
}

/** Whether the parameter may stand for the type, which is then noted. */
function substitutes(
  known: Map<string, CelType>,
  type: CelType,
  param: CelType,
): { readonly valid: boolean; readonly known: boolean } {
  if (isSame(type, param)) return { valid: true, known: true };
  const current = known.get(param.name);
  if (current !== undefined) {
    if (isSame(type, current)) return { valid: true, known: true };
    if (!unify(known, type, current)) return { valid: false, known: true };
    const general = moreGeneral(type, current);
    if (!occurs(known, param, general)) known.set(param.name, general);
    return { valid: true, known: true };
  }
  if (occurs(known, param, type)) return { valid: false, known: false };
  known.set(param.name, type);
  return { valid: true, known: false };
}

/** Whether a parameter appears within what it would stand for. */
function occurs(known: Substitutions, param: CelType, within: CelType): boolean {
  if (isSame(param, within)) return true;
  if (within.kind === 'typeParam') {
    const current = known.get(within.name);
    return current !== undefined && occurs(known, param, current);
  }
  return within.parameters.some((one) => occurs(known, param, one));
}

/** The more general of two types that unify. */
export function moreGeneral(a: CelType, b: CelType): CelType {
  return isLessSpecific(a, b) ? a : b;
}

function isLessSpecific(a: CelType, b: CelType): boolean {
  if (isDyn(a) || a.kind === 'typeParam') return true;
  if (isDyn(b) || b.kind === 'typeParam' || a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'type':
      return true;
    case 'opaque':
    case 'list':
    case 'map':
      return (
        a.name === b.name &&
        a.parameters.length === b.parameters.length &&
        a.parameters.every((one, index) => isLessSpecific(one, parameter(b, index)))
      );
    default:
      return isSame(a, b);
  }
}

/** The type with what its parameters stand for in their place; those that stand for nothing become `dyn` when wanted. */
export function substitute(known: Substitutions, type: CelType, freeToDyn: boolean): CelType {
  if (type.kind === 'typeParam') {
    const current = known.get(formatType(type));
    if (current !== undefined) return substitute(known, current, freeToDyn);
    return freeToDyn ? DYN : type;
  }
  if (type.parameters.length === 0) return type;
  return { ...type, parameters: type.parameters.map((one) => substitute(known, one, freeToDyn)) };
}
