import { deepCopy, deepEqual, isRecord } from '../json';
import { failure } from '../status-errors';

/** apiserver's maxJSONPatchOperations. */
const MOST_OPERATIONS = 10_000;

type Container = Record<string, unknown> | unknown[];

/**
 * Applies a JSON patch (RFC 6902) as kube-apiserver does: a patch that cannot be applied is 422, one that cannot be read
 * is 400. The target is not changed.
 */
export function applyJsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw failure(
      400,
      'BadRequest',
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  }
  if (patch.length > MOST_OPERATIONS) {
    throw failure(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${patch.length}`,
    );
  }
  // The root stands in a box so that it can be replaced like any member.
  const box: Record<string, unknown> = { root: deepCopy(target) };
  for (const operation of patch) apply(box, operation);
  return box.root;
}

function apply(box: Record<string, unknown>, operation: unknown): void {
  if (!isRecord(operation)) throw cannotApply('Unexpected kind: unknown');
  const { op, path, from, value } = operation;
  if (typeof path !== 'string') throw cannotApply(`${String(op)} operation does not apply: missing path`);
  switch (op) {
    case 'add':
      add(box, path, deepCopy(value), 'add');
      return;
    case 'remove':
      remove(box, path, 'remove');
      return;
    case 'replace': {
      const { container, key } = locate(box, path, 'replace');
      if (!has(container, key)) throw missing('replace', path);
      set(container, key, deepCopy(value));
      return;
    }
    case 'move': {
      if (typeof from !== 'string') throw cannotApply('move operation does not apply: missing from');
      const moved = remove(box, from, 'move');
      add(box, path, moved, 'move');
      return;
    }
    case 'copy': {
      if (typeof from !== 'string') throw cannotApply('copy operation does not apply: missing from');
      const { container, key } = locate(box, from, 'copy');
      if (!has(container, key)) throw missing('copy', from);
      add(box, path, deepCopy(member(container, key)), 'copy');
      return;
    }
    case 'test': {
      const { container, key } = locate(box, path, 'test');
      // A member that is absent equals null, as upstream's library has it.
      if (deepEqual(member(container, key) ?? null, value ?? null)) return;
      throw cannotApply(`testing value ${path} failed: test failed`);
    }
    default:
      throw cannotApply(`Unexpected kind: ${String(op)}`);
  }
}

function add(box: Record<string, unknown>, path: string, value: unknown, op: string): void {
  const { container, key } = locate(box, path, op);
  if (!Array.isArray(container)) {
    container[key] = value;
    return;
  }
  const index = key === '-' ? container.length : arrayIndex(key, container.length, path, op);
  container.splice(index, 0, value);
}

function remove(box: Record<string, unknown>, path: string, op: string): unknown {
  const { container, key } = locate(box, path, op);
  if (!has(container, key)) throw missing(op, path);
  const value = member(container, key);
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
  return value;
}

/** The container that a pointer's last part stands in. */
function locate(box: Record<string, unknown>, path: string, op: string): { container: Container; key: string } {
  if (path === '') return { container: box, key: 'root' };
  if (!path.startsWith('/')) throw missing(op, path);
  const parts = path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = parts.pop() ?? '';
  let container: unknown = box.root;
  for (const part of parts) container = isContainer(container) ? member(container, part) : undefined;
  if (!isContainer(container)) throw missing(op, path);
  return { container, key };
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function has(container: Container, key: string): boolean {
  return Array.isArray(container) ? /^\d+$/.test(key) && Number(key) < container.length : Object.hasOwn(container, key);
}

function member(container: Container, key: string): unknown {
  if (!has(container, key)) return undefined;
  return Array.isArray(container) ? container[Number(key)] : container[key];
}

function set(container: Container, key: string, value: unknown): void {
  if (Array.isArray(container)) container[Number(key)] = value;
  else container[key] = value;
}

function arrayIndex(key: string, length: number, path: string, op: string): number {
  if (!/^\d+$/.test(key) || Number(key) > length) {
    throw cannotApply(
      `${op} operation does not apply: doc is missing path: "${path}": Unable to access invalid index: ${key}: invalid index referenced`,
    );
  }
  return Number(key);
}

function missing(op: string, path: string) {
  return cannotApply(`${op} operation does not apply: doc is missing path: ${path}: missing value`);
}

function cannotApply(message: string) {
  return failure(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`, {});
}
