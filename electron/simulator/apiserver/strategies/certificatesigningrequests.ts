import type { CertificateSigningRequest } from '../../../../shared/kubernetes/objects';
import { certificateSigningRequests } from '../../../../shared/kubernetes/resources';
import type { UserInfo } from '../../client';
import { type Clock, timestamp } from '../../clock';
import { certificateSigningRequestPrinter } from '../printers/certificates';
import type { ResourceDefinition } from '../registry/definition';
import {
  validateApprovalUpdate,
  validateCertificateStatusUpdate,
  validateSigningRequest,
  validateSigningRequestUpdate,
} from '../validation/certificates';

type Status = NonNullable<CertificateSigningRequest['status']>;
type Condition = NonNullable<Status['conditions']>[number];

/** pkg/registry/certificates/certificates/strategy.go. */
export const certificateSigningRequestDefinition: ResourceDefinition<CertificateSigningRequest> = {
  resource: certificateSigningRequests,
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  categories: [],
  hasStatus: true,
  printer: certificateSigningRequestPrinter,
  subresources: [{ name: 'approval', kind: 'CertificateSigningRequest', verbs: ['get', 'patch', 'update'] }],
  strategy: {
    applyDefaults(request) {
      // What is required is there, if empty, as in upstream's own types.
      request.spec ??= { request: '', signerName: '' };
    },
    // Who asks is for the server to say.
    prepareForCreate(request, _context, user) {
      const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...spec } = request.spec;
      request.spec = { ...spec, ...(user === undefined ? {} : requester(user)) };
      request.status = {};
    },
    prepareForUpdate(request, old) {
      request.spec = old.spec;
      if (old.status === undefined) delete request.status;
      else request.status = old.status;
    },
    resetFields: {
      '': [['f:spec'], ['f:status']],
      status: [['f:spec'], ['f:status', 'f:conditions']],
      approval: [['f:spec'], ['f:status', 'f:certificate']],
    },
    validate: validateSigningRequest,
    validateUpdate: validateSigningRequestUpdate,
    // Any name is good that can stand in a path.
    validateName: () => [],
    status: {
      prepareForUpdate(request, old, { clock }) {
        // Approval is given elsewhere. Where conditions come or go, validation says so.
        for (const type of ['Approved', 'Denied']) keepConditions(request, old, type);
        addTimes(request, old, clock);
      },
      validateUpdate: validateCertificateStatusUpdate,
    },
    approval: {
      prepareForUpdate(request, old, { clock }) {
        addTimes(request, old, clock);
        const { conditions } = request.status ?? {};
        request.status = { ...old.status, ...(conditions === undefined ? {} : { conditions }) };
        if (conditions === undefined) delete request.status.conditions;
      },
      validateUpdate: validateApprovalUpdate,
    },
  },
  fieldLabels: { 'spec.signerName': ({ spec }) => spec.signerName ?? '' },
};

function requester({ name, uid, groups, extra }: UserInfo): Partial<CertificateSigningRequest['spec']> {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups: [...groups],
    ...(extra === undefined
      ? {}
      : { extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]])) }),
  };
}

function keepConditions(request: CertificateSigningRequest, old: CertificateSigningRequest, type: string): void {
  const ofType = ({ status }: CertificateSigningRequest) =>
    (status?.conditions ?? []).filter((condition) => condition.type === type);
  const before = ofType(old);
  if (before.length !== ofType(request).length || request.status?.conditions === undefined) return;
  let next = 0;
  request.status.conditions = request.status.conditions.map((condition) =>
    condition.type === type ? (before[next++] ?? condition) : condition,
  );
}

function addTimes(request: CertificateSigningRequest, old: CertificateSigningRequest, clock: Clock): void {
  const now = timestamp(clock);
  const since = ({ type, status }: Condition) =>
    old.status?.conditions?.find((before) => before.type === type && before.status === status)?.lastTransitionTime;
  for (const condition of request.status?.conditions ?? []) {
    condition.lastUpdateTime ||= now;
    condition.lastTransitionTime ||= since(condition) ?? now;
  }
}
