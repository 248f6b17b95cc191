import type { CustomResourceDefinition } from '../../../../../shared/kubernetes/custom-resource-definitions';
import { type FieldError, invalid, required } from '../../validation/field-error';

/** Who approved a definition in one of Kubernetes' own groups. */
const ANNOTATION = 'api-approved.kubernetes.io';
const SEE = 'see https://github.com/kubernetes/enhancements/pull/1111';

export type Approval = 'missing' | 'bypassed' | 'approved' | 'invalid';

/** Whether a group belongs to the Kubernetes community. */
export function isProtectedGroup(group: string): boolean {
  return ['k8s.io', 'kubernetes.io'].some((domain) => group === domain || group.endsWith(`.${domain}`));
}

/** What a definition says of its approval (apiextensions' apihelpers GetAPIApprovalState). */
export function approvalOf({ metadata }: CustomResourceDefinition): { state: Approval; reason: string } {
  const text = metadata.annotations?.[ANNOTATION] ?? '';
  if (text === '') {
    return { state: 'missing', reason: `protected groups must have approval annotation "${ANNOTATION}", ${SEE}` };
  }
  if (text.startsWith('unapproved')) return { state: 'bypassed', reason: `not approved: ${JSON.stringify(text)}` };
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#]+/.test(text)) return { state: 'approved', reason: `approved in ${text}` };
  const reason = `protected groups must have approval annotation "${ANNOTATION}" with either a URL or a reason starting with "unapproved", ${SEE}`;
  return { state: 'invalid', reason };
}

/** That a definition in one of Kubernetes' own groups says who approved it (validateAPIApproval). */
export function validateApproval(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  if (!isProtectedGroup(definition.spec.group)) return [];
  const { state, reason } = approvalOf(definition);
  if (old !== undefined && approvalOf(old).state === state) return [];
  const field = `metadata.annotations[${ANNOTATION}]`;
  if (state === 'missing') return [required(field, reason)];
  return state === 'invalid' ? [invalid(field, definition.metadata.annotations?.[ANNOTATION], reason)] : [];
}
