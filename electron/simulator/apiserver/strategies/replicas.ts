import type { LabelSelector } from '../../../../shared/kubernetes/meta';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { formatLabelSelector } from '../../../../shared/kubernetes/selectors';
import type { ScaleMapping } from '../registry/definition';
import { specOf } from './pod-defaults';

/** What the kinds that can be scaled have in common. */
interface Scalable extends KubeObject {
  spec?: { replicas?: number; selector?: LabelSelector };
  status?: { replicas?: number };
}

/** Scaling by `spec.replicas`, with the selector of `spec.selector`. */
export function scaleByReplicas<T extends Scalable>(): ScaleMapping<T> {
  return {
    replicas: (object) => object.spec?.replicas ?? 0,
    statusReplicas: (object) => object.status?.replicas ?? 0,
    selector: (object) => formatLabelSelector(object.spec?.selector),
    setReplicas: (object, replicas) => {
      specOf<NonNullable<Scalable['spec']>>(object).replicas = replicas;
    },
  };
}
