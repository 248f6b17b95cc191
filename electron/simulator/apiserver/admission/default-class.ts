import type { KubeObject } from '../../../../shared/kubernetes/objects';
import {
  ingressClasses,
  ingresses,
  persistentVolumeClaims,
  storageClasses,
} from '../../../../shared/kubernetes/resources';
import { written } from './concerns';
import type { AdmissionPluginFactory } from './plugin';

/** Names the class of a claim that leaves it open (plugin/pkg/admission/storage/storageclass/setdefault). */
export const defaultStorageClass: AdmissionPluginFactory = (client) => ({
  name: 'DefaultStorageClass',
  changes: ['persistentvolumeclaims'],
  async admit(request) {
    const claim = written(request, persistentVolumeClaims, 'CREATE');
    // An empty name is an answer: no class.
    if (claim?.spec === undefined || claim.spec.storageClassName !== undefined) return;
    if (claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined) return;
    const { items } = await client.list(storageClasses);
    const name = newestDefault(items, 'storageclass.kubernetes.io/is-default-class')?.metadata.name;
    if (name !== undefined) claim.spec.storageClassName = name;
  },
});

/** The same for ingresses (plugin/pkg/admission/network/defaultingressclass). */
export const defaultIngressClass: AdmissionPluginFactory = (client) => ({
  name: 'DefaultIngressClass',
  changes: ['ingresses'],
  async admit(request) {
    const ingress = written(request, ingresses, 'CREATE');
    if (ingress?.spec === undefined || ingress.spec.ingressClassName !== undefined) return;
    if (ingress.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return;
    const { items } = await client.list(ingressClasses);
    const name = newestDefault(items, 'ingressclass.kubernetes.io/is-default-class')?.metadata.name;
    if (name !== undefined) ingress.spec.ingressClassName = name;
  },
});

/** Of several defaults the youngest counts; of the same age, the first by name. */
function newestDefault<T extends KubeObject>(classes: readonly T[], annotation: string): T | undefined {
  const age = ({ metadata }: T) => metadata.creationTimestamp ?? '';
  const name = ({ metadata }: T) => metadata.name ?? '';
  return classes
    .filter(({ metadata }) => metadata.annotations?.[annotation] === 'true')
    .sort((a, b) => (age(b) < age(a) ? -1 : age(b) > age(a) ? 1 : name(a) < name(b) ? -1 : 1))[0];
}
