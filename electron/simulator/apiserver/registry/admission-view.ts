import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { RequestAttributes } from '../request';
import { toScale } from '../subresources/scale';
import type { Registry } from './registry';

/** How admission sees an object, and what becomes of its changes. */
interface AdmissionView {
  show(object: KubeObject): KubeObject;
  /** Takes over what admission has changed in what it was shown. */
  take(object: KubeObject, shown: KubeObject | undefined): void;
}

const WHOLE: AdmissionView = {
  show: (object) => object,
  // What is shown is the object itself.
  take: () => {},
};

/** At `/scale` it sees a Scale, elsewhere the object (pkg/registry/apps/deployment/storage, `toScaleUpdateValidation`). */
export function admissionView({ definition }: Registry, { subresource }: RequestAttributes): AdmissionView {
  const { scale } = definition;
  if (subresource !== 'scale' || scale === undefined) return WHOLE;
  return {
    show: (object) => toScale(scale, object),
    take(object, shown: ReturnType<typeof toScale> | undefined) {
      const replicas = shown?.spec?.replicas;
      if (replicas !== undefined && replicas !== scale.replicas(object)) scale.setReplicas(object, replicas);
    },
  };
}
