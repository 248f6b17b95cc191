import type { PersistentVolume, Pod } from '../../../../shared/kubernetes/objects';

type PodSpec = NonNullable<Pod['spec']>;
type Volume = NonNullable<PodSpec['volumes']>[number];

/** The kinds of objects that a pod gives its node access to. */
export type ReferenceKind = 'secret' | 'configmap' | 'persistentvolumeclaim' | 'serviceaccount';

/** A pod's spec stays the same object as long as it does not change, so what it names is gathered once. */
const known = new WeakMap<PodSpec, ReadonlySet<string>>();

const keyOf = (kind: ReferenceKind, name: string) => `${kind}/${name}`;

/** Whether a pod names an object of its own namespace (pkg/api/v1/pod/util.go, `VisitPodSecretNames` and its siblings). */
export function refersTo(pod: Pod, kind: ReferenceKind, name: string): boolean {
  return references(pod).has(keyOf(kind, name));
}

/** The names of the claims that a pod uses. */
export function claimNames(pod: Pod): string[] {
  return (pod.spec?.volumes ?? []).flatMap((volume) => claimName(pod, volume) ?? []);
}

function references(pod: Pod): ReadonlySet<string> {
  const { spec } = pod;
  if (spec === undefined) return new Set();
  const before = known.get(spec);
  if (before !== undefined) return before;
  const found = new Set<string>();
  const add = (kind: ReferenceKind, name: string | undefined) => {
    if (name) found.add(keyOf(kind, name));
  };
  add('serviceaccount', spec.serviceAccountName);
  for (const { name } of spec.imagePullSecrets ?? []) add('secret', name);
  const containers = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
  for (const { env, envFrom } of containers) {
    for (const source of envFrom ?? []) {
      add('secret', source.secretRef?.name);
      add('configmap', source.configMapRef?.name);
    }
    for (const { valueFrom } of env ?? []) {
      add('secret', valueFrom?.secretKeyRef?.name);
      add('configmap', valueFrom?.configMapKeyRef?.name);
    }
  }
  for (const volume of spec.volumes ?? []) {
    for (const secret of volumeSecrets(volume)) add('secret', secret);
    add('configmap', volume.configMap?.name);
    for (const { configMap } of volume.projected?.sources ?? []) add('configmap', configMap?.name);
    add('persistentvolumeclaim', claimName(pod, volume));
  }
  known.set(spec, found);
  return found;
}

function volumeSecrets(volume: Volume): (string | undefined)[] {
  return [
    volume.secret?.secretName,
    ...(volume.projected?.sources ?? []).map(({ secret }) => secret?.name),
    volume.azureFile?.secretName,
    volume.cephfs?.secretRef?.name,
    volume.cinder?.secretRef?.name,
    volume.flexVolume?.secretRef?.name,
    volume.rbd?.secretRef?.name,
    volume.scaleIO?.secretRef?.name,
    volume.iscsi?.secretRef?.name,
    volume.storageos?.secretRef?.name,
    volume.csi?.nodePublishSecretRef?.name,
  ];
}

function claimName(pod: Pod, volume: Volume): string | undefined {
  if (volume.ephemeral !== undefined) return `${pod.metadata.name}-${volume.name}`;
  return volume.persistentVolumeClaim?.claimName;
}

/** The secrets that a node needs for a volume, as `namespace/name` (pkg/api/v1/persistentvolume/util.go). */
export function volumeSecretKeys({ spec = {} }: PersistentVolume): string[] {
  const home = spec.claimRef?.namespace;
  const references = [
    spec.cephfs?.secretRef,
    spec.cinder?.secretRef,
    spec.flexVolume?.secretRef,
    spec.rbd?.secretRef,
    spec.scaleIO?.secretRef,
    spec.iscsi?.secretRef,
    spec.storageos?.secretRef,
    spec.csi?.nodePublishSecretRef,
    spec.csi?.nodeStageSecretRef,
    spec.csi?.nodeExpandSecretRef,
    spec.azureFile === undefined
      ? undefined
      : { name: spec.azureFile.secretName, namespace: spec.azureFile.secretNamespace },
  ];
  return references.flatMap((reference) =>
    reference?.name ? [`${reference.namespace || (home ?? '')}/${reference.name}`] : [],
  );
}
