import { type CelFunction, member, overload } from '../functions';
import { BOOL, type CelType, INT, STRING, struct } from '../types';
import { compareStrings } from '../values/equality';
import { EvaluationError, Opaque, type Value } from '../values/value';

const SEMVER: CelType = struct('kubernetes.Semver');

class SemverValue extends Opaque {
  readonly type = SEMVER;
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly preRelease: readonly string[];

  constructor(numbers: readonly [bigint, bigint, bigint], preRelease: readonly string[]) {
    super();
    this.numbers = numbers;
    this.preRelease = preRelease;
  }

  equals(other: Value): boolean {
    return other instanceof SemverValue && compare(this, other) === 0;
  }
}

const sign = (a: bigint | number, b: bigint | number) => (a < b ? -1 : a > b ? 1 : 0);
const isNumeric = (text: string) => /^\d+$/.test(text);

/** Semantic Versioning 2.0.0's precedence: what is built when does not count. */
function compare(a: SemverValue, b: SemverValue): number {
  for (const [index, number] of a.numbers.entries()) {
    const order = sign(number, b.numbers[index] ?? 0n);
    if (order !== 0) return order;
  }
  if (a.preRelease.length === 0 || b.preRelease.length === 0) return sign(b.preRelease.length, a.preRelease.length);
  for (const [index, one] of a.preRelease.entries()) {
    const other = b.preRelease[index];
    if (other === undefined) return 1;
    const order = comparePreRelease(one, other);
    if (order !== 0) return order;
  }
  return sign(a.preRelease.length, b.preRelease.length);
}

function comparePreRelease(a: string, b: string): number {
  if (isNumeric(a) && isNumeric(b)) return sign(BigInt(a), BigInt(b));
  if (isNumeric(a) !== isNumeric(b)) return isNumeric(a) ? -1 : 1;
  return sign(compareStrings(a, b), 0);
}

const NUMBER_WORDS = ['major', 'minor', 'patch'];

/** github.com/blang/semver's `Parse`. @throws EvaluationError with its text. */
function parse(text: string): SemverValue {
  const fail = (why: string) => new EvaluationError(why);
  if (text === '') throw fail('Version string empty');
  const parts = splitAtMost(text, '.', 3);
  if (parts.length !== 3) throw fail('No Major.Minor.Patch elements found');
  const [major = '', minor = '', tail = ''] = parts;
  const [patchAndPre = '', build] = splitAtMost(tail, '+', 2);
  const [patch = '', pre] = splitAtMost(patchAndPre, '-', 2);
  const numbers = [major, minor, patch].map((number, index) => {
    const word = NUMBER_WORDS[index] ?? '';
    const title = word.charAt(0).toUpperCase() + word.slice(1);
    const quoted = JSON.stringify(number);
    if (!/^\d+$/.test(number)) {
      if (index === 2 && number === '') throw fail(`strconv.ParseUint: parsing "": invalid syntax`);
      throw fail(
        number === ''
          ? 'strconv.ParseUint: parsing "": invalid syntax'
          : `Invalid character(s) found in ${word} number ${quoted}`,
      );
    }
    if (number.length > 1 && number.startsWith('0'))
      throw fail(`${title} number must not contain leading zeroes ${quoted}`);
    const value = BigInt(number);
    if (value > 2n ** 64n - 1n) throw fail(`strconv.ParseUint: parsing ${quoted}: value out of range`);
    return value;
  });
  const preRelease = pre === undefined ? [] : pre.split('.');
  for (const one of preRelease) {
    if (one === '') throw fail('Prerelease is empty');
    if (!/^[0-9A-Za-z-]+$/.test(one)) throw fail(`Invalid character(s) found in prerelease ${JSON.stringify(one)}`);
    if (isNumeric(one) && one.length > 1 && one.startsWith('0')) {
      throw fail(`Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(one)}`);
    }
  }
  for (const one of build?.split('.') ?? []) {
    if (one === '') throw fail('Build meta data is empty');
    if (!/^[0-9A-Za-z-]+$/.test(one))
      throw fail(`Invalid character(s) found in build meta data ${JSON.stringify(one)}`);
  }
  const [first = 0n, second = 0n, third = 0n] = numbers;
  return new SemverValue([first, second, third], preRelease);
}

function splitAtMost(text: string, separator: string, count: number): string[] {
  const parts = text.split(separator);
  return parts.length <= count ? parts : [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

/** `v1.02` as `1.2.0`. */
function normalized(text: string): string {
  const parts = splitAtMost(text.replace(/^v/, ''), '.', 3).map((part) => {
    if (part.length <= 1) return part;
    const trimmed = part.replace(/^0+/, '');
    return /^\d/.test(trimmed) ? trimmed : `0${trimmed}`;
  });
  if (parts.length < 3) {
    if (/[+-]/.test(parts.at(-1) ?? '')) {
      throw new EvaluationError('short version cannot contain PreRelease/Build meta data');
    }
    while (parts.length < 3) parts.push('0');
  }
  return parts.join('.');
}

const read = (text: string, normalize = false) => parse(normalize ? normalized(text) : text);

function isSemver(text: string, normalize = false): boolean {
  try {
    return read(text, normalize) !== undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

const number = (name: string, index: 0 | 1 | 2): CelFunction => ({
  name,
  overloads: [member(`semver_${name}`, [SEMVER], INT, ({ numbers }: SemverValue) => numbers[index])],
});

/** k8s.io/apiserver/pkg/cel/library/semverlib.go, version 1. */
export const semver: readonly CelFunction[] = [
  {
    name: 'semver',
    overloads: [
      overload('string_to_semver', [STRING], SEMVER, read),
      overload('string_bool_to_semver', [STRING, BOOL], SEMVER, read),
    ],
  },
  {
    name: 'isSemver',
    overloads: [
      overload('is_semver_string', [STRING], BOOL, isSemver),
      overload('is_semver_string_bool', [STRING, BOOL], BOOL, isSemver),
    ],
  },
  number('major', 0),
  number('minor', 1),
  number('patch', 2),
  {
    name: 'isGreaterThan',
    overloads: [
      member('semver_is_greater_than', [SEMVER, SEMVER], BOOL, (a: SemverValue, b: SemverValue) => compare(a, b) > 0),
    ],
  },
  {
    name: 'isLessThan',
    overloads: [
      member('semver_is_less_than', [SEMVER, SEMVER], BOOL, (a: SemverValue, b: SemverValue) => compare(a, b) < 0),
    ],
  },
  {
    name: 'compareTo',
    overloads: [
      member('semver_compare_to', [SEMVER, SEMVER], INT, (a: SemverValue, b: SemverValue) => BigInt(compare(a, b))),
    ],
  },
];
