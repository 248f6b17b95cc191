import { type FieldError, invalid } from '../field-error';

/** A path that never climbs (`validatePathNoBacksteps`). */
export function withoutBacksteps(target: string, path: string): FieldError[] {
  return target.replaceAll('\\', '/').split('/').includes('..') ? [invalid(path, target, "must not contain '..'")] : [];
}

/** A path below some other (`validateLocalDescendingPath`). */
export function descendingPath(target: string, path: string): FieldError[] {
  const absolute = target.startsWith('/') ? [invalid(path, target, 'must be a relative path')] : [];
  return [...absolute, ...withoutBacksteps(target, path)];
}

/** A path below some other whose names the kubelet does not keep for itself (`ValidateLocalNonReservedPath`). */
export function nonReservedPath(target: string, path: string): FieldError[] {
  const errors = descendingPath(target, path);
  if (target.startsWith('..') && !target.startsWith('../')) {
    errors.push(invalid(path, target, "must not start with '..'"));
  }
  return errors;
}
