import { findCondition, withCondition } from '../../../../shared/kubernetes/conditions';
import type { CertificateSigningRequest } from '../../../../shared/kubernetes/objects';
import { certificateSigningRequests } from '../../../../shared/kubernetes/resources';
import type { KeyPair } from '../../certificates';
import { timestamp } from '../../clock';
import type { ComponentContext, ComponentDefinition } from '../../component';
import type { Informer } from '../../informer';
import { issueRequested } from '../../issue-requested';
import { parseSigningRequest, type SigningRequest } from '../../signing-request';
import { Controller, updateStatus } from '../controller';
import { CERTIFICATE_CONTROLLER, isIssued } from './conditions';
import { kubeletClientProblem, kubeletServingProblem } from './kubelet-requests';

const NAME = 'certificatesigningrequest-signing-controller';

/** Why a signer does not sign what it is asked for, if so. */
type Policy = (request: SigningRequest, usages: readonly string[]) => string | undefined;

/** Upstream's own signers (pkg/controller/certificates/signer). */
const signers: Readonly<Record<string, Policy>> = {
  'kubernetes.io/kube-apiserver-client': (_request, usages) => clientProblem(usages),
  'kubernetes.io/kube-apiserver-client-kubelet': kubeletClientProblem,
  'kubernetes.io/kubelet-serving': kubeletServingProblem,
  'kubernetes.io/legacy-unknown': () => undefined,
};

const CLIENT_USAGES = ['digital signature', 'key encipherment', 'client auth'];

function clientProblem(usages: readonly string[]): string | undefined {
  const unfit = usages.find((usage) => !CLIENT_USAGES.includes(usage));
  if (unfit !== undefined) return `invalid usage for client certificate: ${unfit}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
}

/** Signs what was approved with the cluster's own authority. */
class Signing extends Controller {
  readonly #requests: Informer<CertificateSigningRequest>;
  readonly #authority: KeyPair;

  constructor(context: ComponentContext, authority: KeyPair) {
    super(NAME, context);
    this.#authority = authority;
    this.#requests = this.primary(certificateSigningRequests);
  }

  protected async reconcile(key: string): Promise<void> {
    const request = this.#requests.getByKey(key);
    if (request === undefined || isIssued(request)) return;
    if (
      findCondition(request.status?.conditions, 'Approved') === undefined ||
      findCondition(request.status?.conditions, 'Denied') !== undefined
    )
      return;
    if (findCondition(request.status?.conditions, 'Failed')?.status === 'True') return;
    const { signerName = '', usages = [], expirationSeconds } = request.spec;
    const policy = signers[signerName];
    if (policy === undefined) return;
    const wanted = parseSigningRequest(request.spec.request);
    const message = policy(wanted, usages);
    if (message !== undefined) {
      const failed = {
        type: 'Failed',
        status: 'True',
        reason: 'SignerValidationFailure',
        message,
        lastUpdateTime: timestamp(this.context.clock),
      };
      const conditions = [...withCondition(request.status?.conditions, failed)];
      await updateStatus(this.context, certificateSigningRequests, request, { ...request.status, conditions });
      return;
    }
    const pem = await issueRequested(this.#authority, wanted, usages, expirationSeconds);
    const certificate = Buffer.from(pem).toString('base64');
    await updateStatus(this.context, certificateSigningRequests, request, { ...request.status, certificate });
  }
}

/** @param authority upstream's `--cluster-signing-cert-file` and `--cluster-signing-key-file`. */
export function certificateSigning(authority: KeyPair): ComponentDefinition {
  return { name: NAME, user: CERTIFICATE_CONTROLLER, create: (context) => new Signing(context, authority) };
}
