/**
 * Quantities such as `500m`, `1.5Gi` or `1e3` (k8s.io/apimachinery/pkg/api/resource). Exact throughout: a value is kept as
 * a whole number of nano-units, upstream's finest.
 */
interface Quantity {
  readonly nano: bigint;
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent';
}

const GRAMMAR = /^([+-]?)(\d*)(?:\.(\d*))?(.*)$/s;
/** What a text must look like before its suffix is read; part of the error's text. */
const PATTERN = '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$';
const SCALE = 9;

const DECIMAL = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Texts are parsed over and over (every container of every pod): the last few thousand are remembered. */
const parsed = new Map<string, Quantity>();
const REMEMBERED = 4096;

function parse(text: string): Quantity {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const quantity = parseAfresh(text);
  if (parsed.size >= REMEMBERED) parsed.clear();
  parsed.set(text, quantity);
  return quantity;
}

function parseAfresh(text: string): Quantity {
  const match = GRAMMAR.exec(text);
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match ?? [];
  if (whole === '' && fraction === '')
    throw new RangeError(`quantities must match the regular expression '${PATTERN}'`);
  const digits = BigInt(whole + fraction);
  const places = fraction.length;
  const negative = sign === '-';
  const binary = BINARY.indexOf(suffix);
  if (binary > 0) {
    const nano = divideUp(digits * 1024n ** BigInt(binary) * 10n ** BigInt(SCALE), 10n ** BigInt(places));
    return { nano: negative ? -nano : nano, format: 'BinarySI' };
  }
  const exponentText = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  const exponent = exponentText === undefined ? DECIMAL.get(suffix) : Number(exponentText);
  if (exponent === undefined || Math.abs(exponent) > 100) {
    throw new RangeError(
      /^[eEinumkKMGTP]*[-+]?\d*$/.test(suffix)
        ? "unable to parse quantity's suffix"
        : `quantities must match the regular expression '${PATTERN}'`,
    );
  }
  const power = exponent + SCALE - places;
  const nano = power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power));
  return { nano: negative ? -nano : nano, format: exponentText === undefined ? 'DecimalSI' : 'DecimalExponent' };
}

/** Quantities finer than a nano-unit are rounded away from zero. */
function divideUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}

/**
 * A quantity as a plain number of cores, bytes or items.
 * @throws RangeError with upstream's text when it is none.
 */
export function parseQuantity(text: string | number): number {
  const { nano } = parse(String(text));
  const unit = 10n ** BigInt(SCALE);
  return Number(nano / unit) + Number(nano % unit) / 1e9;
}

/**
 * A quantity in the form the API stores and returns: the largest suffix that leaves no fraction (`1000m` is `1`, `1.5Gi` is
 * `1536Mi`), in the kind of suffix it was given with.
 * @throws RangeError with upstream's text when it is none.
 */
export function canonicalQuantity(text: string | number): string {
  return textOf(parse(String(text)));
}

/**
 * A quantity in nano-units, to calculate with.
 * @throws RangeError with upstream's text when it is none.
 */
export function quantityInNano(text: string): bigint {
  return parse(text).nano;
}

/** A number of cores, bytes or items as a canonical decimal quantity: `0.25` is `250m`. */
export function formatQuantity(value: number): string {
  return canonicalQuantity(value.toFixed(SCALE));
}

/** A number of bytes as a canonical binary quantity: `2 ** 30` is `1Gi`. */
export function formatBytes(bytes: number): string {
  return binaryText(BigInt(Math.ceil(bytes)) * 10n ** BigInt(SCALE));
}

/** -1, 0 or 1 as the first quantity is smaller than, equal to or larger than the second, exactly. */
export function compareQuantities(a: string | number, b: string | number): -1 | 0 | 1 {
  const difference = parse(String(a)).nano - parse(String(b)).nano;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The sum, exactly, as a canonical quantity. The suffixes are the first one's, unless that is zero (`Quantity.Add`). */
export function addQuantities(a: string | number, b: string | number): string {
  return combined(parse(String(a)), parse(String(b)), 1n);
}

/** The difference, in the same manner (`Quantity.Sub`). */
export function subtractQuantities(a: string | number, b: string | number): string {
  return combined(parse(String(a)), parse(String(b)), -1n);
}

function combined(a: Quantity, b: Quantity, sign: bigint): string {
  return textOf({ nano: a.nano + sign * b.nano, format: a.nano === 0n ? b.format : a.format });
}

/** Up to the next whole unit, as a canonical quantity (`Quantity.RoundUp(0)`). */
export function roundUpQuantity(text: string | number): string {
  const { nano, format } = parse(String(text));
  const unit = 10n ** BigInt(SCALE);
  const down = nano / unit;
  return textOf({ nano: (nano > down * unit ? down + 1n : down) * unit, format });
}

function textOf({ nano, format }: Quantity): string {
  return format === 'BinarySI' ? binaryText(nano) : decimalText(nano, format);
}

function binaryText(nano: bigint): string {
  const unit = 10n ** BigInt(SCALE);
  const magnitude = nano < 0n ? -nano : nano;
  // Below 1024, and where bytes have fractions, upstream writes decimal suffixes rather than lose precision.
  if (magnitude < 1024n * unit || nano % unit !== 0n) return decimalText(nano, 'DecimalSI');
  let value = nano / unit;
  let power = 0;
  while (power < BINARY.length - 1 && value % 1024n === 0n) {
    value /= 1024n;
    power++;
  }
  return `${value}${BINARY[power]}`;
}

function decimalText(nano: bigint, format: Quantity['format']): string {
  if (nano === 0n) return '0';
  let value = nano;
  let exponent = -SCALE;
  while (value % 1000n === 0n && (exponent < 18 || format === 'DecimalExponent')) {
    value /= 1000n;
    exponent += 3;
  }
  if (format === 'DecimalExponent') return exponent === 0 ? `${value}` : `${value}e${exponent}`;
  const suffix = [...DECIMAL].find(([, power]) => power === exponent)?.[0] ?? '';
  return `${value}${suffix}`;
}
