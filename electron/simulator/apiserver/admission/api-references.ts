import type { Pod } from '../../../../shared/kubernetes/objects';

type PodSpec = NonNullable<Pod['spec']>;
type Volume = NonNullable<PodSpec['volumes']>[number];

/** Whether a pod uses any secret, wherever a pod can (pkg/api/pod, VisitPodSecretNames). */
export function usesSecrets(spec: PodSpec): boolean {
  if ((spec.imagePullSecrets ?? []).length > 0) return true;
  if (inEnvironment(spec, 'secretKeyRef', 'secretRef')) return true;
  return (spec.volumes ?? []).some(
    (volume) =>
      volume.secret !== undefined ||
      volume.azureFile !== undefined ||
      volume.projected?.sources?.some(({ secret }) => secret !== undefined) === true ||
      [
        volume.cephfs,
        volume.cinder,
        volume.flexVolume,
        volume.rbd,
        volume.scaleIO,
        volume.iscsi,
        volume.storageos,
      ].some((source) => source?.secretRef !== undefined) ||
      volume.csi?.nodePublishSecretRef !== undefined,
  );
}

function usesConfigMaps(spec: PodSpec): boolean {
  return (
    inEnvironment(spec, 'configMapKeyRef', 'configMapRef') ||
    (spec.volumes ?? []).some(
      ({ configMap, projected }) =>
        configMap !== undefined || projected?.sources?.some((source) => source.configMap !== undefined) === true,
    )
  );
}

function inEnvironment(
  spec: PodSpec,
  key: 'secretKeyRef' | 'configMapKeyRef',
  whole: 'secretRef' | 'configMapRef',
): boolean {
  return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].some(
    ({ env = [], envFrom = [] }) =>
      env.some(({ valueFrom }) => valueFrom?.[key] !== undefined) ||
      envFrom.some((source) => source[whole] !== undefined),
  );
}

/**
 * What of the API a pod needs besides itself (pkg/api/pod, HasAPIObjectReference): a node's own pods may need nothing, lest
 * the node read through them what it may not.
 */
export function apiReference(spec: PodSpec): string | undefined {
  if (spec.serviceAccountName) return 'serviceaccounts';
  if (usesSecrets(spec)) return 'secrets';
  if (usesConfigMaps(spec)) return 'configmaps';
  if ((spec.resourceClaims ?? []).length > 0) return 'resourceclaims';
  for (const volume of spec.volumes ?? []) {
    const reference = volumeReference(volume);
    if (reference !== undefined) return reference;
  }
  return undefined;
}

function volumeReference(volume: Volume): string | undefined {
  if (volume.csi !== undefined) return 'csidrivers (via CSI volumes)';
  if (volume.glusterfs !== undefined) return 'endpoints (via glusterFS volumes)';
  if (volume.persistentVolumeClaim !== undefined) return 'persistentvolumeclaims';
  if (volume.ephemeral !== undefined) return 'persistentvolumeclaims (via ephemeral volumes)';
  for (const source of volume.projected?.sources ?? []) {
    if (source.serviceAccountToken !== undefined) return 'serviceaccounts (via projected volumes)';
    if (source.clusterTrustBundle !== undefined) return 'clustertrustbundles';
    if (source.podCertificate !== undefined) return 'podcertificates';
  }
  return undefined;
}
