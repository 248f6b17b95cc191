import type { Pod, ServiceAccount } from '../../../../shared/kubernetes/objects';
import { pods, serviceAccounts } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { Random } from '../../random';
import { written } from './concerns';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory } from './plugin';

type PodSpec = NonNullable<Pod['spec']>;
type Volume = NonNullable<PodSpec['volumes']>[number];

const VOLUME_PREFIX = 'kube-api-access-';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Odd on purpose: by it upstream knows the tokens that it put in itself. */
const TOKEN_SECONDS = 3607;
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** Gives each pod its ServiceAccount, and the credentials of it (plugin/pkg/admission/serviceaccount). */
export function serviceAccount(random: Random): AdmissionPluginFactory {
  return (client) => ({
    name: 'ServiceAccount',
    async admit(request) {
      const pod = written(request, pods, 'CREATE');
      if (pod?.spec === undefined) return;
      if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) {
        // Its node made it, and the node's word is not good for credentials.
        if (pod.spec.serviceAccountName) throw forbidden(request, 'a mirror pod may not reference service accounts');
        return;
      }
      const { namespace } = request.attributes;
      const name = pod.spec.serviceAccountName || 'default';
      pod.spec.serviceAccountName = name;
      // The old name of the same field, which the API still shows.
      pod.spec.serviceAccount = name;
      let account: ServiceAccount;
      try {
        account = await client.get(serviceAccounts, namespace, name);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        const reason = `serviceaccount "${name}" not found`;
        throw forbidden(request, `error looking up service account ${namespace}/${name}: ${reason}`);
      }
      if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) {
        mountToken(pod.spec, random);
      }
      if (!pod.spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
        pod.spec.imagePullSecrets = structuredClone(account.imagePullSecrets);
      }
    },
  });
}

function mountToken(spec: PodSpec, random: Random): void {
  const present = spec.volumes?.find((volume) => volume.name.startsWith(VOLUME_PREFIX));
  const name = present?.name ?? `${VOLUME_PREFIX}${random.suffix(5)}`;
  let isMounted = false;
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    const mounts = container.volumeMounts ?? [];
    if (mounts.some((mount) => mount.mountPath === MOUNT_PATH)) continue;
    container.volumeMounts = [...mounts, { name, readOnly: true, mountPath: MOUNT_PATH }];
    isMounted = true;
  }
  if (isMounted && present === undefined) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    },
  };
}
