import type { Pod, ServiceAccount } from '../../../../shared/kubernetes/objects';
import { parseBool } from '../parse-bool';

type PodSpec = NonNullable<Pod['spec']>;
type Container = Pick<PodSpec['containers'][number], 'name' | 'env' | 'envFrom'>;

/** Whether an account's pods may use only the secrets that the account itself names. */
export function limitsSecrets({ metadata }: ServiceAccount): boolean {
  return parseBool(metadata.annotations?.['kubernetes.io/enforce-mountable-secrets'] ?? '') === true;
}

/** The first secret that a pod uses and its account does not name, as a refusal says it. */
export function unnamedSecret(
  { metadata, secrets = [], imagePullSecrets = [] }: ServiceAccount,
  spec: PodSpec,
): string | undefined {
  const account = metadata.name ?? '';
  const allowed = new Set(secrets.map(({ name }) => name));
  for (const { secret } of spec.volumes ?? []) {
    if (secret !== undefined && !allowed.has(secret.secretName)) {
      return `volume with secret.secretName="${secret.secretName ?? ''}" is not allowed because service account ${account} does not reference that secret`;
    }
  }
  const inContainers =
    inEnvironments('init container', spec.initContainers, allowed, account) ??
    inEnvironments('container', spec.containers, allowed, account);
  if (inContainers !== undefined) return inContainers;
  const pull = new Set(imagePullSecrets.map(({ name }) => name));
  for (const [index, { name = '' }] of (spec.imagePullSecrets ?? []).entries()) {
    if (!pull.has(name)) {
      return `imagePullSecrets[${index}].name="${name}" is not allowed because service account ${account} does not reference that imagePullSecret`;
    }
  }
  return undefined;
}

/** The same of containers that are added to a running pod. */
export function unnamedEphemeralSecret({ metadata, secrets = [] }: ServiceAccount, spec: PodSpec): string | undefined {
  const allowed = new Set(secrets.map(({ name }) => name));
  return inEnvironments('ephemeral container', spec.ephemeralContainers, allowed, metadata.name ?? '');
}

function inEnvironments(
  what: string,
  containers: readonly Container[] = [],
  allowed: ReadonlySet<string | undefined>,
  account: string,
): string | undefined {
  const why = `is not allowed because service account ${account} does not reference that secret`;
  for (const container of containers) {
    for (const { name, valueFrom } of container.env ?? []) {
      const secret = valueFrom?.secretKeyRef;
      if (secret !== undefined && !allowed.has(secret.name)) {
        return `${what} ${container.name} with envVar ${name} referencing secret.secretName="${secret.name ?? ''}" ${why}`;
      }
    }
    for (const { secretRef } of container.envFrom ?? []) {
      if (secretRef !== undefined && !allowed.has(secretRef.name)) {
        return `${what} ${container.name} with envFrom referencing secret.secretName="${secretRef.name ?? ''}" ${why}`;
      }
    }
  }
  return undefined;
}
