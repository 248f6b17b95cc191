import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { Pod } from '../../../../../shared/kubernetes/objects';
import type { PodSpec } from '../../strategies/pod-defaults';
import { duplicate, type FieldError, forbidden, invalid, required } from '../field-error';
import { internalText } from '../internal-text';
import { invalidFor } from '../values';
import { MIRROR_ANNOTATION } from './annotations';

/** The devices that a pod claims (`validatePodResourceClaims`). */
export function validateResourceClaims(
  { resourceClaims = [] }: PodSpec,
  metadata: Pod['metadata'] | undefined,
  path: string,
): FieldError[] {
  const names = new Set<string>();
  return resourceClaims.flatMap((claim, index) => {
    if (metadata?.annotations?.[MIRROR_ANNOTATION] !== undefined) {
      return [forbidden('', 'static pods do not support resource claims')];
    }
    const at = `${path}[${index}]`;
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    const errors: FieldError[] = [];
    if (!name) errors.push(required(`${at}.name`));
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else {
      errors.push(...invalidFor(`${at}.name`, name, dns1123LabelProblems));
      names.add(name);
    }
    const refuse = (text: string) => invalid(at, internalText('PodResourceClaim', claim), text);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      errors.push(refuse('at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'));
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      errors.push(refuse('must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'));
    }
    for (const field of ['resourceClaimName', 'resourceClaimTemplateName'] as const) {
      const target = claim[field];
      if (target !== undefined) errors.push(...invalidFor(`${at}.${field}`, target, dns1123SubdomainProblems));
    }
    return errors;
  });
}
