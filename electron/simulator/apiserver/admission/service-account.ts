import type { Pod, ServiceAccount } from '../../../../shared/kubernetes/objects';
import { groupResourceOf, serviceAccounts } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import type { Random } from '../../random';
import { failure } from '../status-errors';
import { usesSecrets } from './api-references';
import { forbidden } from './forbidden';
import type { AdmissionPluginFactory, AdmissionRequest } from './plugin';
import { limitsSecrets, unnamedEphemeralSecret, unnamedSecret } from './secret-references';

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
    changes: ['pods'],
    async admit(request) {
      const pod = podOf(request);
      if (pod?.spec === undefined || request.operation !== 'CREATE') return;
      if (isMirror(pod)) return checkMirror(request, pod.spec);
      const name = pod.spec.serviceAccountName || 'default';
      pod.spec.serviceAccountName = name;
      // The old name of the same field, which the API still shows.
      pod.spec.serviceAccount = name;
      const account = await accountOf(client, request, name);
      if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) {
        mountToken(pod.spec, random);
      }
      if (!pod.spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
        pod.spec.imagePullSecrets = structuredClone(account.imagePullSecrets);
      }
      checkSecrets(request, account, pod.spec);
    },
    async validate(request) {
      const pod = podOf(request);
      if (pod?.spec === undefined) return;
      const { namespace, subresource } = request.attributes;
      const added = request.operation === 'UPDATE' && subresource === 'ephemeralcontainers';
      if (request.operation !== 'CREATE' && !added) return;
      if (!added && isMirror(pod)) return checkMirror(request, pod.spec);
      const name = pod.spec.serviceAccountName;
      if (!name) {
        throw forbidden(request, `no service account specified for pod ${namespace}/${pod.metadata.name ?? ''}`);
      }
      const account = await accountOf(client, request, name);
      if (!added) return checkSecrets(request, account, pod.spec);
      const secret = limitsSecrets(account) ? unnamedEphemeralSecret(account, pod.spec) : undefined;
      // Upstream gives this one no code of its own.
      if (secret !== undefined) throw failure(500, undefined, secret);
    },
  });
}

function podOf({ attributes, object }: AdmissionRequest): Pod | undefined {
  const { subresource } = attributes;
  if (groupResourceOf(attributes) !== 'pods') return undefined;
  return subresource === '' || subresource === 'ephemeralcontainers' ? object : undefined;
}

function isMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.[MIRROR_ANNOTATION] !== undefined;
}

/** Its node made it, and the node's word is not good for credentials. */
function checkMirror(request: AdmissionRequest, spec: PodSpec): void {
  if (spec.serviceAccountName) throw forbidden(request, 'a mirror pod may not reference service accounts');
  if (usesSecrets(spec)) throw forbidden(request, 'a mirror pod may not reference secrets');
  const projected = (spec.volumes ?? []).flatMap((volume) => volume.projected?.sources ?? []);
  if (projected.some(({ serviceAccountToken }) => serviceAccountToken !== undefined)) {
    throw forbidden(request, 'a mirror pod may not use ServiceAccountToken volume projections');
  }
}

async function accountOf(client: ApiClient, request: AdmissionRequest, name: string): Promise<ServiceAccount> {
  const { namespace } = request.attributes;
  try {
    return await client.get(serviceAccounts, namespace, name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const reason = `serviceaccount "${name}" not found`;
    throw forbidden(request, `error looking up service account ${namespace}/${name}: ${reason}`);
  }
}

function checkSecrets(request: AdmissionRequest, account: ServiceAccount, spec: PodSpec): void {
  const secret = limitsSecrets(account) ? unnamedSecret(account, spec) : undefined;
  if (secret !== undefined) throw forbidden(request, secret);
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
