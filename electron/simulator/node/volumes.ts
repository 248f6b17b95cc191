import type { ConfigMap, Pod } from '../../../shared/kubernetes/objects';
import {
  apiVersionOf,
  configMaps,
  persistentVolumeClaims,
  persistentVolumes,
  secrets,
  serviceAccounts,
} from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ApiClient } from '../client';
import { fieldValue } from './downward';
import { decoded } from './environment';
import { textOf } from './runtime/bytes';
import { type DirectoryNode, directory, file } from './runtime/file-system';
import type { PodSpec } from './types';

type Volume = NonNullable<PodSpec['volumes']>[number];
type ProjectionItems = { key: string; path: string; mode?: number }[] | undefined;

/** A volume cannot be mounted yet: the pod waits, with a FailedMount event of this text. */
export class MountError extends Error {}

export interface VolumeHost {
  readonly client: ApiClient;
  readonly now: () => number;
  readonly addresses: { podIP: string; hostIP: string; nodeName: string };
  /** The machine's own directories that outlive pods, by path. */
  readonly persistent: Map<string, DirectoryNode>;
  /** What can be attached to any machine, by the handles of volumes. */
  readonly networkDisks: Map<string, DirectoryNode>;
}

/** Sets up all volumes of a pod. @throws MountError when something they need is missing. */
export async function setUpVolumes(host: VolumeHost, pod: Pod): Promise<Map<string, DirectoryNode>> {
  const result = new Map<string, DirectoryNode>();
  const group = pod.spec?.securityContext?.fsGroup;
  for (const volume of pod.spec?.volumes ?? []) {
    const made = await setUp(host, pod, volume);
    // Host paths stay as the host has them.
    if (group !== undefined && volume.hostPath === undefined) give(made, group);
    result.set(volume.name, made);
  }
  return result;
}

/** Gives a volume to the pod's group, and what will be made in it (pkg/volume/volume_linux.go, SetVolumeOwnership). */
function give(node: DirectoryNode, group: number): void {
  node.gid = group;
  node.mode |= 0o2070;
  for (const entry of node.entries.values()) {
    entry.gid = group;
    entry.mode |= 0o60;
    if (entry.type === 'directory') give(entry, group);
  }
}

async function setUp(host: VolumeHost, pod: Pod, volume: Volume): Promise<DirectoryNode> {
  const { namespace = '' } = pod.metadata;
  const made = directory(host.now());
  const fail = (text: string): never => {
    throw new MountError(`MountVolume.SetUp failed for volume "${volume.name}" : ${text}`);
  };
  if (volume.emptyDir !== undefined) return directory(host.now(), 0o777);
  if (volume.hostPath !== undefined) return kept(host.persistent, volume.hostPath.path, host.now());
  if (volume.persistentVolumeClaim !== undefined) {
    const { claimName } = volume.persistentVolumeClaim;
    const claim = await optional(host.client.get(persistentVolumeClaims, namespace, claimName));
    const bound = claim?.spec?.volumeName;
    if (!bound) throw new MountError(`persistentvolumeclaim "${claimName}" not found or not bound`);
    const { csi, hostPath, local } = (await optional(host.client.get(persistentVolumes, undefined, bound)))?.spec ?? {};
    if (csi !== undefined) return kept(host.networkDisks, csi.volumeHandle, host.now());
    return kept(host.persistent, hostPath?.path ?? local?.path ?? `volume ${bound}`, host.now());
  }
  if (volume.configMap !== undefined) {
    const { name = '', items, optional: mayMiss } = volume.configMap;
    const found = await optional(host.client.get(configMaps, namespace, name));
    if (found === undefined && mayMiss !== true) fail(`configmap "${name}" not found`);
    return fill(made, contentOf(found), items, host.now());
  }
  if (volume.secret !== undefined) {
    const { secretName = '', items, optional: mayMiss } = volume.secret;
    const found = await optional(host.client.get(secrets, namespace, secretName));
    if (found === undefined && mayMiss !== true) fail(`secret "${secretName}" not found`);
    return fill(made, decoded(found) ?? {}, items, host.now());
  }
  if (volume.downwardAPI !== undefined) return downward(host, pod, made, volume.downwardAPI.items ?? []);
  for (const source of volume.projected?.sources ?? []) {
    if (source.configMap !== undefined) {
      const { name = '', items, optional: mayMiss } = source.configMap;
      const found = await optional(host.client.get(configMaps, namespace, name));
      if (found === undefined && mayMiss !== true) fail(`configmap "${name}" not found`);
      fill(made, contentOf(found), items, host.now());
    } else if (source.secret !== undefined) {
      const { name = '', items, optional: mayMiss } = source.secret;
      const found = await optional(host.client.get(secrets, namespace, name));
      if (found === undefined && mayMiss !== true) fail(`secret "${name}" not found`);
      fill(made, decoded(found) ?? {}, items, host.now());
    } else if (source.downwardAPI !== undefined) downward(host, pod, made, source.downwardAPI.items ?? []);
    else if (source.serviceAccountToken !== undefined) {
      const token = await requestToken(host.client, pod, source.serviceAccountToken);
      fill(made, { [source.serviceAccountToken.path]: token }, undefined, host.now());
    }
  }
  return made;
}

async function optional<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** A ConfigMap's files, the binary ones among them. */
function contentOf(found: ConfigMap | undefined): Record<string, string> {
  const binary = Object.entries(found?.binaryData ?? {});
  return {
    ...found?.data,
    ...Object.fromEntries(binary.map(([key, value]) => [key, textOf(Buffer.from(value, 'base64'))])),
  };
}

function kept(directories: Map<string, DirectoryNode>, key: string, now: number): DirectoryNode {
  let found = directories.get(key);
  if (found === undefined) {
    found = directory(now);
    directories.set(key, found);
  }
  return found;
}

function fill(into: DirectoryNode, data: Record<string, string>, items: ProjectionItems, now: number): DirectoryNode {
  const entries =
    items?.map(({ key, path, mode }) => ({ path, text: data[key], mode })) ??
    Object.entries(data).map(([path, text]) => ({ path, text, mode: undefined }));
  for (const { path, text, mode } of entries) {
    if (text === undefined) continue;
    const parts = path.split('/');
    let parent = into;
    for (const part of parts.slice(0, -1)) {
      const next = parent.entries.get(part) ?? directory(now);
      if (next.type !== 'directory') break;
      parent.entries.set(part, next);
      parent = next;
    }
    parent.entries.set(parts.at(-1) ?? '', file(text, now, mode ?? 0o644));
  }
  return into;
}

function downward(
  host: VolumeHost,
  pod: Pod,
  into: DirectoryNode,
  items: readonly { path: string; fieldRef?: { fieldPath: string } }[],
): DirectoryNode {
  for (const { path, fieldRef } of items) {
    const text = fieldRef === undefined ? undefined : fieldValue(pod, fieldRef.fieldPath, host.addresses);
    fill(into, { [path]: text ?? '' }, undefined, host.now());
  }
  return into;
}

/** Asks for a token bound to the pod, as the kubelet's token manager does. */
async function requestToken(
  client: ApiClient,
  pod: Pod,
  source: { audience?: string; expirationSeconds?: number },
): Promise<string> {
  const { name = '', namespace = '', uid = '' } = pod.metadata;
  const answer = await client.createSubresource(
    serviceAccounts,
    namespace,
    pod.spec?.serviceAccountName ?? 'default',
    'token',
    tokenRequest({ name, uid }, source),
  );
  const status = (answer as { status?: { token?: unknown } } | undefined)?.status;
  return typeof status?.token === 'string' ? status.token : '';
}

function tokenRequest(
  pod: { name: string; uid: string },
  source: { audience?: string; expirationSeconds?: number },
): { apiVersion: string; kind: string; metadata: Record<string, never>; spec: object } {
  return {
    apiVersion: apiVersionOf({ group: 'authentication.k8s.io', version: 'v1' }),
    kind: 'TokenRequest',
    metadata: {},
    spec: {
      audiences: source.audience === undefined ? [] : [source.audience],
      expirationSeconds: source.expirationSeconds ?? 3607,
      boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: pod.uid },
    },
  };
}
