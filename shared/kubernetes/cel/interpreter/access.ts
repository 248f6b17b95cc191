import { valueText } from '../values/text';
import { CelList, CelMap, EvaluationError, Optional, Uint, type Value } from '../values/value';

/**
 * `operand[key]` or `operand.key`; on an optional, an optional.
 * @throws EvaluationError with upstream's text (cel-go's `interpreter/attributes.go`).
 */
export function access(operand: Value, key: Value): Value {
  if (operand instanceof Optional) return operand.value === undefined ? operand : accessOptional(operand.value, key);
  if (operand instanceof CelList) {
    const index = indexOf(key);
    if (index >= 0 && index < operand.size) return operand.at(index);
    throw new EvaluationError(`index out of bounds: ${valueText(key)}`);
  }
  const found = operand instanceof CelMap ? operand.find(key) : undefined;
  if (found === undefined) throw new EvaluationError(`no such key: ${valueText(key)}`);
  return found;
}

/** `operand[?key]` or `operand.?key`. */
export function accessOptional(operand: Value, key: Value): Value {
  if (operand instanceof Optional) return operand.value === undefined ? operand : accessOptional(operand.value, key);
  if (operand instanceof CelList) {
    const index = indexOf(key);
    return index >= 0 && index < operand.size ? new Optional(operand.at(index)) : Optional.none;
  }
  const found = operand instanceof CelMap ? operand.find(key) : undefined;
  return found === undefined ? Optional.none : new Optional(found);
}

/** `has(operand.field)`. */
export function isPresent(operand: Value, field: string): boolean {
  if (operand instanceof Optional) return operand.value !== undefined && isPresent(operand.value, field);
  return operand instanceof CelMap && operand.find(field) !== undefined;
}

function indexOf(key: Value): number {
  if (typeof key === 'bigint') return Number(key);
  if (key instanceof Uint) return Number(key.value);
  if (typeof key === 'number' && Number.isInteger(key)) return key;
  throw new EvaluationError(
    typeof key === 'number'
      ? `unsupported index value ${key} in list`
      : `unsupported index type '${key === null ? 'null_type' : typeof key}' in list`,
  );
}
