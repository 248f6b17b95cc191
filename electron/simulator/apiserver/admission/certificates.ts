import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../../../shared/error-message';
import type { CertificateSigningRequest } from '../../../../shared/kubernetes/objects';
import { certificateSigningRequests } from '../../../../shared/kubernetes/resources';
import { parseSigningRequest } from '../../signing-request';
import type { Authorizer } from '../authorization/authorizer';
import { written } from './concerns';
import { forbidden } from './forbidden';
import type { AdmissionPlugin, AdmissionRequest } from './plugin';

const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';

/** Who approves must be allowed to for the signer (plugin/pkg/admission/certificates/approval). */
export function certificateApproval(authorizer: Authorizer): AdmissionPlugin {
  return {
    name: 'CertificateApproval',
    validate(request) {
      const old = before(request, 'approval');
      if (old !== undefined) checkSigner(request, authorizer, 'approve', old.spec.signerName ?? '');
    },
  };
}

/** And so must who signs (plugin/pkg/admission/certificates/signing). */
export function certificateSigning(authorizer: Authorizer): AdmissionPlugin {
  return {
    name: 'CertificateSigning',
    validate(request) {
      const old = before(request, 'status');
      if (old === undefined) return;
      // The path has said which kind it is.
      const { status } = request.object as CertificateSigningRequest;
      const isSame =
        (status?.certificate ?? '') === (old.status?.certificate ?? '') &&
        isDeepStrictEqual(status?.conditions ?? [], old.status?.conditions ?? []);
      if (!isSame) checkSigner(request, authorizer, 'sign', old.spec.signerName ?? '');
    },
  };
}

/** Nobody gets a certificate that makes them all-powerful (plugin/pkg/admission/certificates/subjectrestriction). */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  validate(request) {
    const wanted = written(request, certificateSigningRequests, 'CREATE');
    if (wanted?.spec.signerName !== CLIENT_SIGNER) return;
    let organizations: readonly string[];
    try {
      organizations = parseSigningRequest(wanted.spec.request).organizations;
    } catch (error) {
      throw forbidden(request, `failed to parse CSR: ${messageOf(error)}`);
    }
    if (organizations.includes('system:masters')) {
      throw forbidden(request, `use of ${CLIENT_SIGNER} signer with system:masters group is not allowed`);
    }
  },
};

/** The request as it was before an update of a subresource; `undefined` when the write is about something else. */
function before({ attributes, operation, oldObject }: AdmissionRequest, subresource: string) {
  const { group, resource } = certificateSigningRequests;
  const isMeant = attributes.group === group && attributes.resource === resource;
  if (!isMeant || attributes.subresource !== subresource || operation !== 'UPDATE') return undefined;
  return oldObject as CertificateSigningRequest | undefined;
}

/** Rules name a signer, or all of a domain: `example.com/*` (plugin/pkg/admission/certificates, `IsAuthorizedForSignerName`). */
function checkSigner(
  request: AdmissionRequest,
  authorizer: Authorizer,
  verb: 'approve' | 'sign',
  signer: string,
): void {
  const { user } = request.attributes;
  const isAllowed = (name: string) =>
    authorizer.authorize({
      user,
      verb,
      isResource: true,
      path: '',
      group: certificateSigningRequests.group,
      version: '*',
      resource: 'signers',
      subresource: '',
      namespace: '',
      name,
    }).allowed;
  if (isAllowed(signer) || isAllowed(`${signer.split('/')[0]}/*`)) return;
  throw forbidden(request, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`);
}
