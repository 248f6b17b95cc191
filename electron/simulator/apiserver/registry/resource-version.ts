import { failure, versionTooLarge } from '../status-errors';

const LARGEST = 2n ** 64n - 1n;

/**
 * A version as it is given to a watch or a get (apiserver/pkg/storage/api_object_versioner.go ParseResourceVersion).
 * @returns 0 for none.
 * @throws StatusError what `refuse` makes of what is wrong with it; 500 by default, as upstream has it.
 */
export function parseVersion(
  text: string | undefined,
  refuse = (problem: string) => failure(500, undefined, problem),
): number {
  if (text === undefined || text === '') return 0;
  const isNumber = /^\d+$/.test(text);
  if (isNumber && BigInt(text) <= LARGEST) return Number(text);
  const why = isNumber ? 'value out of range' : 'invalid syntax';
  const quoted = JSON.stringify(text);
  throw refuse(`resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: ${why}`);
}

/** @throws StatusError 504 when the store is not there yet. */
export function checkReached(wanted: number, current: number): void {
  if (wanted > current) throw versionTooLarge(wanted, current);
}
