import { quantityInNano } from '../../quantities';
import { type CelFunction, member, overload } from '../functions';
import { BOOL, type CelType, DOUBLE, INT, STRING, struct } from '../types';
import { EvaluationError, Opaque, type Value } from '../values/value';

const QUANTITY: CelType = struct('kubernetes.Quantity');

const UNIT = 1_000_000_000n;
const INT64_MAX = 2n ** 63n - 1n;

class Quantity extends Opaque {
  readonly type = QUANTITY;
  readonly nano: bigint;

  constructor(nano: bigint) {
    super();
    this.nano = nano;
  }

  equals(other: Value): boolean {
    return other instanceof Quantity && other.nano === this.nano;
  }
}

function parse(text: string): Quantity {
  try {
    return new Quantity(quantityInNano(text));
  } catch (error) {
    if (error instanceof RangeError) throw new EvaluationError(error.message);
    throw error;
  }
}

function isQuantity(text: string): boolean {
  try {
    return parse(text) !== undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

const isInteger = ({ nano }: Quantity) =>
  nano % UNIT === 0n && nano / UNIT <= INT64_MAX && nano / UNIT >= -INT64_MAX - 1n;

function asInteger(quantity: Quantity): bigint {
  if (!isInteger(quantity)) throw new EvaluationError('cannot convert value to integer');
  return quantity.nano / UNIT;
}

const order = (a: Quantity, b: Quantity) => (a.nano < b.nano ? -1n : a.nano > b.nano ? 1n : 0n);
const sign = ({ nano }: Quantity) => (nano < 0n ? -1n : nano > 0n ? 1n : 0n);

/** k8s.io/apiserver/pkg/cel/library/quantity.go. */
export const quantities: readonly CelFunction[] = [
  { name: 'quantity', overloads: [overload('string_to_quantity', [STRING], QUANTITY, parse)] },
  { name: 'isQuantity', overloads: [overload('is_quantity_string', [STRING], BOOL, isQuantity)] },
  { name: 'sign', overloads: [overload('quantity_sign', [QUANTITY], INT, sign)] },
  {
    name: 'isGreaterThan',
    overloads: [
      member('quantity_is_greater_than', [QUANTITY, QUANTITY], BOOL, (a: Quantity, b: Quantity) => a.nano > b.nano),
    ],
  },
  {
    name: 'isLessThan',
    overloads: [
      member('quantity_is_less_than', [QUANTITY, QUANTITY], BOOL, (a: Quantity, b: Quantity) => a.nano < b.nano),
    ],
  },
  { name: 'compareTo', overloads: [member('quantity_compare_to', [QUANTITY, QUANTITY], INT, order)] },
  {
    name: 'asApproximateFloat',
    overloads: [
      member('quantity_get_float', [QUANTITY], DOUBLE, ({ nano }: Quantity) =>
        nano % UNIT === 0n ? Number(nano / UNIT) : Number(nano) / 1e9,
      ),
    ],
  },
  { name: 'asInteger', overloads: [member('quantity_get_int', [QUANTITY], INT, asInteger)] },
  { name: 'isInteger', overloads: [member('quantity_is_integer', [QUANTITY], BOOL, isInteger)] },
  {
    name: 'add',
    overloads: [
      member(
        'quantity_add',
        [QUANTITY, QUANTITY],
        QUANTITY,
        (a: Quantity, b: Quantity) => new Quantity(a.nano + b.nano),
      ),
      member(
        'quantity_add_int',
        [QUANTITY, INT],
        QUANTITY,
        (a: Quantity, b: bigint) => new Quantity(a.nano + b * UNIT),
      ),
    ],
  },
  {
    name: 'sub',
    overloads: [
      member(
        'quantity_sub',
        [QUANTITY, QUANTITY],
        QUANTITY,
        (a: Quantity, b: Quantity) => new Quantity(a.nano - b.nano),
      ),
      member(
        'quantity_sub_int',
        [QUANTITY, INT],
        QUANTITY,
        (a: Quantity, b: bigint) => new Quantity(a.nano - b * UNIT),
      ),
    ],
  },
];
