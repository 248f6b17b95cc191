import { findCondition, withCondition } from '../../../../shared/kubernetes/conditions';
import type { CertificateSigningRequest } from '../../../../shared/kubernetes/objects';
import { certificateSigningRequests, subjectAccessReviews } from '../../../../shared/kubernetes/resources';
import type { ComponentContext, ComponentDefinition } from '../../component';
import type { Informer } from '../../informer';
import { parseSigningRequest } from '../../signing-request';
import { Controller } from '../controller';
import { CERTIFICATE_CONTROLLER, isIssued } from './conditions';
import { kubeletClientProblem } from './kubelet-requests';

/** Milliseconds until it is asked again whether who asked may have it: somebody may have been given the right meanwhile. */
const ASK_AGAIN = 60_000;

/** Approves kubelets' client certificates for those who may have them (pkg/controller/certificates/approver). */
class Approving extends Controller {
  readonly #requests: Informer<CertificateSigningRequest>;

  constructor(context: ComponentContext) {
    super(certificateApproving.name, context);
    this.#requests = this.primary(certificateSigningRequests);
  }

  protected async reconcile(key: string): Promise<void> {
    const request = this.#requests.getByKey(key);
    if (request === undefined || isIssued(request)) return;
    if (
      findCondition(request.status?.conditions, 'Approved') !== undefined ||
      findCondition(request.status?.conditions, 'Denied') !== undefined
    )
      return;
    const { signerName, usages = [], username } = request.spec;
    if (signerName !== 'kubernetes.io/kube-apiserver-client-kubelet') return;
    const wanted = parseSigningRequest(request.spec.request);
    if (kubeletClientProblem(wanted, usages) !== undefined) return;
    if (username === wanted.commonName && (await this.#isAllowed(request, 'selfnodeclient'))) {
      await this.#approve(request, 'Auto approving self kubelet client certificate after SubjectAccessReview.');
    } else if (await this.#isAllowed(request, 'nodeclient')) {
      await this.#approve(request, 'Auto approving kubelet client certificate after SubjectAccessReview.');
    } else this.enqueueAfter(key, ASK_AGAIN);
  }

  async #isAllowed({ spec }: CertificateSigningRequest, subresource: string): Promise<boolean> {
    const { group, resource } = certificateSigningRequests;
    const review = await this.context.client.create(subjectAccessReviews, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: {},
      spec: {
        resourceAttributes: { group, resource, verb: 'create', subresource, version: '*' },
        ...(spec.username === undefined ? {} : { user: spec.username }),
        ...(spec.uid === undefined ? {} : { uid: spec.uid }),
        ...(spec.groups === undefined ? {} : { groups: spec.groups }),
        ...(spec.extra === undefined ? {} : { extra: spec.extra }),
      },
    });
    return review.status?.allowed === true;
  }

  async #approve(request: CertificateSigningRequest, message: string): Promise<void> {
    const approved = { type: 'Approved', status: 'True', reason: 'AutoApproved', message };
    const status = { ...request.status, conditions: [...withCondition(request.status?.conditions, approved)] };
    await this.context.client.update(certificateSigningRequests, { ...request, status }, { subresource: 'approval' });
  }
}

export const certificateApproving: ComponentDefinition = {
  name: 'certificatesigningrequest-approving-controller',
  user: CERTIFICATE_CONTROLLER,
  create: (context) => new Approving(context),
};
