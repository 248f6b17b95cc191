import { findCondition } from '../../../shared/kubernetes/conditions';
import type { Job } from '../../../shared/kubernetes/objects';
import { jobs } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import type { Informer } from '../informer';
import { Controller } from './controller';

/** Deletes ended jobs whose `ttlSecondsAfterFinished` have passed (pkg/controller/ttlafterfinished). */
class TtlAfterFinished extends Controller {
  readonly #jobs: Informer<Job>;

  constructor(context: ComponentContext) {
    super('ttl-after-finished-controller', context);
    this.#jobs = this.primary(jobs);
  }

  protected async reconcile(key: string): Promise<void> {
    const job = this.#jobs.getByKey(key);
    const ttl = job?.spec?.ttlSecondsAfterFinished;
    if (job === undefined || ttl === undefined || job.metadata.deletionTimestamp !== undefined) return;
    const { conditions } = job.status ?? {};
    const ended = [findCondition(conditions, 'Complete'), findCondition(conditions, 'Failed')].find(
      (condition) => condition?.status === 'True',
    );
    if (ended === undefined) return;
    const wait = Date.parse(ended.lastTransitionTime ?? '') + ttl * 1000 - this.now;
    if (wait > 0) return this.enqueueAfter(key, wait);
    const { namespace, name = '', uid } = job.metadata;
    try {
      await this.context.client.delete(jobs, namespace, name, {
        propagationPolicy: 'Foreground',
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

export const ttlAfterFinished: ComponentDefinition = {
  name: 'ttl-after-finished-controller',
  user: 'system:serviceaccount:kube-system:ttl-after-finished-controller',
  create: (context) => new TtlAfterFinished(context),
};
