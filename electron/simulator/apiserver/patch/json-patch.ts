import { deepCopy, deepEqual, isRecord } from '../json';
import { badRequest, failure } from '../status-errors';

/** apiserver's maxJSONPatchOperations. */
const MOST_OPERATIONS = 10_000;

type Container = Record<string, unknown> | unknown[];

interface Place {
  readonly container: Container;
  readonly key: string;
}

/**
 * Applies a JSON patch as kube-apiserver's library does (evanphx/json-patch v4), which is a little more generous than RFC 6902:
 * indices count from the end when negative, a member that is not there can be replaced, copied (as null) and tested (for null).
 * The target is not changed.
 * @throws StatusError 413 for too many operations; 422, which does not say why, when one cannot be applied.
 */
export function applyJsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  const operations: readonly unknown[] = patch;
  if (operations.length > MOST_OPERATIONS) {
    const message = `The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${operations.length}`;
    throw failure(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`);
  }
  try {
    return jsonPatched(target, operations);
  } catch (error) {
    if (!(error instanceof InapplicablePatch)) throw error;
    // Why is not said: NewGenericServerResponse has words of its own for this code.
    throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

/** An operation cannot be applied; the message is the library's. */
export class InapplicablePatch extends Error {
  /** Whether that is because a `test` did not hold. */
  readonly isFailedTest: boolean;

  constructor(message: string, isFailedTest = false) {
    super(message);
    this.isFailedTest = isFailedTest;
  }
}

/** What is missing, or an index that is none. */
const MISSING = 'missing value';
const BAD_INDEX = 'invalid index referenced';

/**
 * The target with the operations applied, one after another. It is not changed itself.
 * @throws InapplicablePatch
 */
export function jsonPatched(target: unknown, operations: readonly unknown[]): unknown {
  return operations.reduce<unknown>(apply, deepCopy(target));
}

function apply(root: unknown, operation: unknown): unknown {
  const { op, path, from, value } = isRecord(operation) ? operation : {};
  switch (op) {
    case 'add':
      within(`error in add for path: '${path}'`, () => add(locate(root, op, path, 'path: "'), deepCopy(value ?? null)));
      return root;
    case 'remove':
      within(`error in remove for path: '${path}'`, () => remove(locate(root, op, path, 'path: "')));
      return root;
    case 'replace':
      // The whole can be another one, if only it is no scalar.
      if (path === '') {
        return isContainer(value)
          ? deepCopy(value)
          : refuse('replace operation value must be object or array: %!w(<nil>)');
      }
      replace(locate(root, op, path, 'path: '), String(path), deepCopy(value ?? null));
      return root;
    case 'move': {
      const source = locate(root, op, from, 'from path: ');
      const moved = within(`error in move for path: '${source.key}'`, () => {
        const found = read(source);
        remove(source);
        return found;
      });
      const destination = locate(root, op, path, 'destination path: ');
      within(`error in move for path: '${path}'`, () => add(destination, moved));
      return root;
    }
    case 'copy': {
      const source = locate(root, op, from, 'from path: ');
      const copied = within(`error in copy for from: '${from}'`, () => deepCopy(read(source) ?? null));
      const destination = locate(root, op, path, 'destination path: ');
      within('error while adding value during copy', () => add(destination, copied));
      return root;
    }
    case 'test': {
      const present = path === '' ? root : testedValue(root, path);
      if (deepEqual(present ?? null, value ?? null)) return root;
      throw new InapplicablePatch(`testing value ${path} failed: test failed`, true);
    }
    default:
      return refuse(`Unexpected kind: ${op ?? 'unknown'}`);
  }
}

function testedValue(root: unknown, path: unknown): unknown {
  const parts = partsOf('test', path, 'path');
  const container = containerOf(root, parts);
  if (container === undefined) return refuse(`test operation does not apply: is missing path: ${path}: ${MISSING}`);
  return within(`error in test for path: '${path}'`, () => read({ container, key: parts.at(-1) ?? '' }));
}

/** Says of whatever cannot be done where that was. */
function within<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof BadKey) throw new InapplicablePatch(`${place}: ${error.message}`);
    throw error;
  }
}

/** There is no such key in a container. */
class BadKey extends Error {}

/** The parts of a pointer. What stands before the first slash is not looked at. */
function partsOf(op: string, path: unknown, member: 'path' | 'from'): string[] {
  if (typeof path !== 'string') return refuse(`${op} operation failed to decode ${member}: ${MISSING}`);
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * The container that a pointer's last part stands in.
 * @param what how the library names the path; with a quotation mark, where it quotes it.
 */
function locate(root: unknown, op: string, path: unknown, what: string): Place {
  const parts = partsOf(op, path, what.startsWith('from') ? 'from' : 'path');
  const container = containerOf(root, parts);
  const shown = what.endsWith('"') ? `${what}${path}"` : `${what}${path}`;
  if (container === undefined) return refuse(`${op} operation does not apply: doc is missing ${shown}: ${MISSING}`);
  return { container, key: parts.at(-1) ?? '' };
}

function containerOf(root: unknown, parts: readonly string[]): Container | undefined {
  if (parts.length === 0) return undefined;
  let at = root;
  for (const key of parts.slice(0, -1)) {
    if (!isContainer(at)) return undefined;
    try {
      at = read({ container: at, key });
    } catch (error) {
      if (error instanceof BadKey) return undefined;
      throw error;
    }
  }
  return isContainer(at) ? at : undefined;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function read({ container, key }: Place): unknown {
  if (Array.isArray(container)) return container[index(key, container.length, container.length - 1)];
  return Object.hasOwn(container, key) ? container[key] : undefined;
}

function add({ container, key }: Place, value: unknown): void {
  if (!Array.isArray(container)) container[key] = value;
  else if (key === '-') container.push(value);
  else if (!/^[+-]?\d+$/.test(key)) {
    throw new BadKey(`value was not a proper array index: '${key}': ${notANumber(key)}`);
  } else container.splice(index(key, container.length + 1, container.length), 0, value);
}

function remove({ container, key }: Place): void {
  if (Array.isArray(container)) container.splice(index(key, container.length, container.length - 1), 1);
  else if (Object.hasOwn(container, key)) delete container[key];
  else throw new BadKey(`Unable to remove nonexistent key: ${key}: ${MISSING}`);
}

function replace({ container, key }: Place, path: string, value: unknown): void {
  if (!Array.isArray(container)) {
    container[key] = value;
    return;
  }
  try {
    container[index(key, container.length, container.length - 1)] = value;
  } catch (error) {
    if (!(error instanceof BadKey)) throw error;
    throw new InapplicablePatch(`replace operation does not apply: doc is missing key: ${path}: ${MISSING}`);
  }
}

/** @param length what a negative index counts back from. */
function index(key: string, length: number, last: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw new BadKey(notANumber(key));
  const number = Number(key);
  const at = number < 0 ? number + length : number;
  if (at < 0 || at > last) throw new BadKey(`Unable to access invalid index: ${number}: ${BAD_INDEX}`);
  return at;
}

const notANumber = (key: string) => `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`;

function refuse(why: string): never {
  throw new InapplicablePatch(why);
}
