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
  return operations.reduce<unknown>(apply, deepCopy(target));
}

function apply(root: unknown, operation: unknown): unknown {
  if (!isRecord(operation)) throw cannotApply();
  const { op, value } = operation;
  switch (op) {
    case 'add':
      add(locate(root, operation.path), deepCopy(value ?? null));
      return root;
    case 'remove':
      remove(locate(root, operation.path));
      return root;
    case 'replace':
      // The whole can be another one, if only it is no scalar.
      if (operation.path === '') return isContainer(value) ? deepCopy(value) : refuse();
      replace(locate(root, operation.path), deepCopy(value ?? null));
      return root;
    case 'move': {
      const from = locate(root, operation.from);
      const moved = read(from);
      remove(from);
      add(locate(root, operation.path), moved);
      return root;
    }
    case 'copy': {
      const copied = deepCopy(read(locate(root, operation.from)) ?? null);
      add(locate(root, operation.path), copied);
      return root;
    }
    case 'test': {
      const present = operation.path === '' ? root : read(locate(root, operation.path));
      return deepEqual(present ?? null, value ?? null) ? root : refuse();
    }
    default:
      return refuse();
  }
}

/**
 * The container that a pointer's last part stands in. What stands before the first slash is not looked at.
 * @throws StatusError 422 when there is no such container.
 */
function locate(root: unknown, path: unknown): Place {
  if (typeof path !== 'string') throw cannotApply();
  const parts = path.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = parts.pop();
  if (key === undefined || parts.length === 0) throw cannotApply();
  let container = root;
  for (const part of parts.slice(1)) container = isContainer(container) ? read({ container, key: part }) : refuse();
  return isContainer(container) ? { container, key } : refuse();
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
  else container.splice(index(key, container.length + 1, container.length), 0, value);
}

function remove({ container, key }: Place): void {
  if (Array.isArray(container)) container.splice(index(key, container.length, container.length - 1), 1);
  else if (Object.hasOwn(container, key)) delete container[key];
  else throw cannotApply();
}

function replace({ container, key }: Place, value: unknown): void {
  if (Array.isArray(container)) container[index(key, container.length, container.length - 1)] = value;
  else container[key] = value;
}

/** @param length what a negative index counts back from. */
function index(key: string, length: number, last: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw cannotApply();
  const number = Number(key);
  const at = number < 0 ? number + length : number;
  if (at < 0 || at > last) throw cannotApply();
  return at;
}

function refuse(): never {
  throw cannotApply();
}

/** Why is not said: NewGenericServerResponse has words of its own for this code. */
function cannotApply() {
  return failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}
