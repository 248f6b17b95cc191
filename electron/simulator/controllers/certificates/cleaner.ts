import { X509Certificate } from 'node:crypto';
import { findCondition } from '../../../../shared/kubernetes/conditions';
import type { CertificateSigningRequest } from '../../../../shared/kubernetes/objects';
import { certificateSigningRequests } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import { SystemClock } from '../../clock';
import type { ComponentContext, ComponentDefinition } from '../../component';
import type { Informer } from '../../informer';
import { Controller } from '../controller';
import { CERTIFICATE_CONTROLLER, isIssued } from './conditions';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Certificates hold by the host's time, as those who check them go by that. */
const hostClock = new SystemClock();

/**
 * Deletes requests that nobody needs any more: an hour after they were decided, a day when nothing came of them
 * (pkg/controller/certificates/cleaner). Upstream looks at all of them every hour; here each is looked at when it is due.
 */
class Cleaner extends Controller {
  readonly #requests: Informer<CertificateSigningRequest>;

  constructor(context: ComponentContext) {
    super(certificateCleaner.name, context);
    this.#requests = this.primary(certificateSigningRequests);
  }

  protected async reconcile(key: string): Promise<void> {
    const request = this.#requests.getByKey(key);
    if (request === undefined) return;
    const due = isExpired(request) ? this.now : endOf(request);
    if (due > this.now) return this.enqueueAfter(key, due - this.now);
    try {
      await this.context.client.delete(certificateSigningRequests, undefined, key);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** When its time is over, in milliseconds since the epoch; what never ends has Infinity. */
function endOf(request: CertificateSigningRequest): number {
  const { metadata, status } = request;
  if ((status?.conditions ?? []).length === 0) return after(metadata.creationTimestamp, DAY);
  return Math.min(
    after(findCondition(request.status?.conditions, 'Denied')?.lastUpdateTime, HOUR),
    after(findCondition(request.status?.conditions, 'Failed')?.lastUpdateTime, HOUR),
    after(findCondition(request.status?.conditions, 'Approved')?.lastUpdateTime, isIssued(request) ? HOUR : DAY),
  );
}

function after(time: string | undefined, delay: number): number {
  return time === undefined ? Number.POSITIVE_INFINITY : Date.parse(time) + delay;
}

function isExpired(request: CertificateSigningRequest): boolean {
  const certificate = request.status?.certificate;
  if (!certificate || findCondition(request.status?.conditions, 'Approved') === undefined) return false;
  try {
    return hostClock.now() > Date.parse(new X509Certificate(Buffer.from(certificate, 'base64')).validTo);
  } catch {
    // What cannot be read does not expire.
    return false;
  }
}

export const certificateCleaner: ComponentDefinition = {
  name: 'certificatesigningrequest-cleaner-controller',
  user: CERTIFICATE_CONTROLLER,
  create: (context) => new Cleaner(context),
};
