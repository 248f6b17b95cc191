import { formatDouble, formatDuration, formatTimestamp } from './time-and-numbers';
import { CelList, CelMap, Duration, Opaque, Optional, Timestamp, TypeValue, Uint, type Value } from './value';

/** A value inside an error message, as Go's `%v` prints it. */
export function valueText(value: Value): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'number':
      return formatDouble(value);
    default:
      if (value === null) return 'null';
      if (value instanceof Uint) return String(value.value);
      if (value instanceof Timestamp) return formatTimestamp(value);
      if (value instanceof Duration) return formatDuration(value);
      if (value instanceof TypeValue) return value.type.name;
      if (value instanceof CelList) return `[${[...value].map(valueText).join(', ')}]`;
      if (value instanceof CelMap) {
        const entries = [...value.keys()].map((key) => `${valueText(key)}: ${valueText(value.find(key) ?? null)}`);
        return `{${entries.join(', ')}}`;
      }
      if (value instanceof Optional) {
        return value.value === undefined ? 'optional.none()' : `optional(${valueText(value.value)})`;
      }
      if (value instanceof Opaque) return value.type.name;
      return new TextDecoder().decode(value);
  }
}
