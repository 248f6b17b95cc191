import { isDeepStrictEqual } from 'node:util';
import type { PodSpec } from '../strategies/pod-defaults';

/**
 * The lines in which two specs differ, `-` for what would be new against `+` for what is stored, in the layout of the
 * comparison that upstream appends to its refusal. Empty when they are equal.
 */
export function specDifference(spec: PodSpec, old: PodSpec): string {
  const lines = compare('', spec, old, '  ');
  return lines.length === 0 ? '' : ['  core.PodSpec{', ...lines, '  }', ''].join('\n');
}

function compare(name: string, left: unknown, right: unknown, indent: string): string[] {
  if (isDeepStrictEqual(left, right)) return [];
  const label = name === '' ? '' : `${name}: `;
  if (isPlainObject(left) && isPlainObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    const inner = keys.flatMap((key) =>
      compare(goName(key), left[key], right[key], name === '' ? indent : `${indent}  `),
    );
    return name === '' ? inner : [`${indent}  ${label}{`, ...inner, `${indent}  },`];
  }
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    const inner = left.flatMap((item: unknown, index) => compare(String(index), item, right[index], `${indent}  `));
    return [`${indent}  ${label}{`, ...inner, `${indent}  },`];
  }
  return [
    ...(left === undefined ? [] : [`-${indent} ${label}${JSON.stringify(left)},`]),
    ...(right === undefined ? [] : [`+${indent} ${label}${JSON.stringify(right)},`]),
  ];
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `nodeName` as Go's structs have it: `NodeName`. */
function goName(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}
