import type { UserInfo } from '../../client';

/** Who has an opinion about fields: what an entry of `managedFields` is told apart by. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  /** The version that the fields are named in. */
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
}

/** The longest name of a manager, in bytes. */
export const LONGEST_MANAGER = 128;

/** An applier is the same whichever version it writes (fieldmanager's BuildManagerIdentifier). */
export function isSameManager(a: Manager, b: Manager): boolean {
  return (
    a.name === b.name &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === 'Apply' || a.apiVersion === b.apiVersion)
  );
}

/** The program's name at the beginning of a User-Agent (apiserver's prefixFromUserAgent). */
export function managerOfUserAgent(userAgent: string | undefined): string {
  const program = (userAgent ?? '').split('/')[0] ?? '';
  return program.replace(/[^\P{C} ]/gu, '').slice(0, LONGEST_MANAGER) || 'unknown';
}

/** The program that acts as a user in the cluster's own process. */
export function managerOfUser({ name }: UserInfo): string {
  if (name.startsWith('system:node:')) return 'kubelet';
  if (name === 'system:apiserver') return 'kube-apiserver';
  if (name.startsWith('system:serviceaccount:kube-system:')) return 'kube-controller-manager';
  return name.slice(name.lastIndexOf(':') + 1) || 'unknown';
}
