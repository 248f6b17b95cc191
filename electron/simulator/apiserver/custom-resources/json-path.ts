import { isRecord } from '../json';

type Step = (values: readonly unknown[]) => unknown[];

/**
 * Reads a path as k8s.io/client-go/util/jsonpath does, as far as definitions may have it: fields, indexes, slices,
 * wildcards and filters that compare. `undefined` for a text that is no such path.
 */
export function parseJsonPath(text: string): ((value: unknown) => unknown[]) | undefined {
  const steps: Step[] = [];
  let rest = text.startsWith('$') ? text.slice(1) : text;
  while (rest !== '') {
    const token = TOKENS.find(({ pattern }) => pattern.test(rest));
    const match = token?.pattern.exec(rest);
    if (token === undefined || !match) return undefined;
    const step = token.make(match);
    if (step === undefined) return undefined;
    steps.push(step);
    rest = rest.slice(match[0].length);
  }
  return (value) => steps.reduce<unknown[]>((values, step) => step(values), [value]);
}

interface Token {
  readonly pattern: RegExp;
  make(match: RegExpExecArray): Step | undefined;
}

const field =
  (name: string): Step =>
  (values) =>
    values.flatMap((value) => (isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : []));

const members: Step = (values) =>
  values.flatMap((value) => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []));

function slice(from: string, to: string): Step {
  return (values) =>
    values.flatMap((value) => {
      if (!Array.isArray(value)) return [];
      return value.slice(from === '' ? 0 : Number(from), to === '' ? value.length : Number(to)) as unknown[];
    });
}

const at =
  (index: number): Step =>
  (values) =>
    values.flatMap((value) => {
      const item: unknown = Array.isArray(value) ? value.at(index) : undefined;
      return item === undefined ? [] : [item];
    });

/** `@.type=="Ready"`: items by what a path below them gives. */
function filter(path: string, operator: string | undefined, text: string | undefined): Step | undefined {
  const read = parseJsonPath(path);
  if (read === undefined) return undefined;
  const wanted: unknown = text === undefined ? undefined : literal(text);
  const holds = (item: unknown) => {
    const [found] = read(item);
    if (operator === undefined) return found !== undefined;
    if (found === undefined) return false;
    return COMPARISONS[operator]?.(found, wanted) === true;
  };
  return (values) => values.flatMap((value) => (Array.isArray(value) ? value.filter(holds) : []));
}

const isLess = (a: unknown, b: unknown) =>
  (typeof a === 'number' && typeof b === 'number' && a < b) ||
  (typeof a === 'string' && typeof b === 'string' && a < b);

const COMPARISONS: Readonly<Record<string, (a: unknown, b: unknown) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': isLess,
  '>': (a, b) => isLess(b, a),
  '<=': (a, b) => a === b || isLess(a, b),
  '>=': (a, b) => a === b || isLess(b, a),
};

function literal(text: string): unknown {
  if (/^["'].*["']$/s.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  return Number.isNaN(Number(text)) ? text : Number(text);
}

const TOKENS: readonly Token[] = [
  {
    pattern: /^\.?\[\?\(\s*@((?:\.[\w\\.-]+|\[[^\]]*\])*)\s*(?:(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|[^)\s]+))?\s*\)\]/,
    make: ([, path = '', operator, text]) => filter(path, operator, text),
  },
  { pattern: /^\.?\[(?:"([^"]*)"|'([^']*)')\]/, make: ([, double, single]) => field(double ?? single ?? '') },
  { pattern: /^\.?\[(-?\d*):(-?\d*)\]/, make: ([, from = '', to = '']) => slice(from, to) },
  { pattern: /^\.?\[(-?\d+)\]/, make: ([, index]) => at(Number(index)) },
  { pattern: /^\.?\[\*\]|^\.\*/, make: () => members },
  // A backslash keeps the dot behind it in the name.
  { pattern: /^\.((?:\\.|[^.[\]\\])+)/, make: ([, name = '']) => field(name.replace(/\\(.)/g, '$1')) },
  { pattern: /^\.$/, make: () => (values) => [...values] },
];
