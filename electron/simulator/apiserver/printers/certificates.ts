import { humanDuration } from '../../../../shared/kubernetes/ages';
import type { CertificateSigningRequest } from '../../../../shared/kubernetes/objects';
import type { TablePrinter } from '../registry/definition';
import { age, ageColumn, column, nameColumn, nameOf, orNone } from './columns';

export const certificateSigningRequestPrinter: TablePrinter<CertificateSigningRequest> = {
  columns: [
    nameColumn,
    ageColumn,
    column('SignerName', 'Who is to sign the certificate.'),
    column('Requestor', 'Who has asked for it.'),
    column('RequestedDuration', 'How long it is to be valid.'),
    column('Condition', 'Whether it was approved, denied, issued.'),
  ],
  cells: (request, now) => {
    const { signerName, username, expirationSeconds } = request.spec;
    return [
      nameOf(request),
      age(request, now),
      orNone(signerName),
      username ?? '',
      expirationSeconds === undefined ? '<none>' : humanDuration(expirationSeconds * 1000),
      condition(request),
    ];
  },
};

function condition({ status }: CertificateSigningRequest): string {
  const has = (type: string) => status?.conditions?.some((each) => each.type === type) === true;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return [decision, ...(has('Failed') ? ['Failed'] : []), ...(status?.certificate ? ['Issued'] : [])].join(',');
}
