import type { PersistentVolumeClaim } from '../../../../shared/kubernetes/objects';
import { compareQuantities } from '../../../../shared/kubernetes/quantities';
import { persistentVolumeClaims } from '../../../../shared/kubernetes/resources';
import type { ComponentContext, ComponentDefinition } from '../../component';
import { type Informer, keyOf } from '../../informer';
import { Controller } from '../controller';

/** Says of claims that ask for more that somebody outside makes their volumes larger (pkg/controller/volume/expand/expand_controller.go). */
class ExpandController extends Controller {
  readonly #claims: Informer<PersistentVolumeClaim>;

  constructor(context: ComponentContext) {
    super('volume-expand-controller', context);
    this.#claims = context.informers.for(persistentVolumeClaims);
    this.#claims.addHandlers({
      update: (claim, previous) => {
        if (compareQuantities(requestOf(claim), requestOf(previous)) > 0) this.enqueue(keyOf(claim));
      },
    });
  }

  protected reconcile(key: string): Promise<void> {
    const claim = this.#claims.getByKey(key);
    const size = claim?.status?.capacity?.storage;
    if (claim !== undefined && size !== undefined && compareQuantities(requestOf(claim), size) > 0) {
      const message = 'waiting for an external controller to expand this PVC';
      this.context.events.event(claim, 'Normal', 'ExternalExpanding', message);
    }
    return Promise.resolve();
  }
}

function requestOf({ spec }: PersistentVolumeClaim): string {
  return spec?.resources?.requests?.storage ?? '0';
}

export const expandController: ComponentDefinition = {
  name: 'volume-expand-controller',
  user: 'system:serviceaccount:kube-system:expand-controller',
  eventSource: { component: 'volume_expand' },
  create: (context) => new ExpandController(context),
};
