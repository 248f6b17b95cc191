/**
 * The number that an `IntOrString` stands for: itself, or a percentage of `total`
 * (k8s.io/apimachinery/pkg/util/intstr, `GetScaledValueFromIntOrPercent`).
 * @throws RangeError when a string is no percentage.
 */
export function resolveIntOrPercent(value: number | string, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value;
  const percent = percentOf(value);
  if (percent === undefined) {
    throw new RangeError('invalid value for IntOrString: invalid type: string is not a percentage');
  }
  const scaled = (percent * total) / 100;
  return roundUp ? Math.ceil(scaled) : Math.floor(scaled);
}

/** The whole number before the `%`, or `undefined` when the text is no percentage. */
function percentOf(text: string): number | undefined {
  const match = /^([+-]?\d+)%$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}
