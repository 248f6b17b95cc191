import { isDeepStrictEqual } from 'node:util';
import type { Pod } from '../../../shared/kubernetes/objects';
import { pods } from '../../../shared/kubernetes/resources';
import { isConflict, isNotFound } from '../../../shared/kubernetes/status-error';
import type { ApiClient } from '../client';
import type { Log } from '../log';
import type { PodStatus } from './types';

/**
 * Brings one pod's status to the API: one patch at a time, only when something has changed, and always the newest
 * (pkg/kubelet/status/status_manager.go).
 */
export class StatusWriter {
  readonly #client: ApiClient;
  readonly #log: Log;
  /** The pod's name and no more, so that the object as it once was need not be kept. */
  readonly #key: { readonly namespace: string | undefined; readonly name: string; readonly uid: string | undefined };
  /** The address that the API shows. */
  #address: string | undefined;
  #wanted: PodStatus | undefined;
  #written: PodStatus | undefined;
  #writing: Promise<void> | undefined;

  constructor(client: ApiClient, log: Log, { metadata: { namespace, name = '', uid }, status }: Pod) {
    this.#client = client;
    this.#log = log;
    this.#key = { namespace, name, uid };
    this.#address = status?.podIP;
  }

  /** The last status asked for, written or not. */
  get latest(): PodStatus | undefined {
    return this.#wanted;
  }

  set(status: PodStatus): void {
    this.#wanted = status;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when everything set so far has been written. */
  async flushed(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #write(): Promise<void> {
    // Changes of one moment make one patch.
    await Promise.resolve();
    for (;;) {
      const wanted = this.#wanted;
      if (wanted === undefined || isDeepStrictEqual(wanted, this.#written)) return;
      const { namespace, name, uid } = this.#key;
      try {
        const patch = { metadata: { uid }, status: patchTo(wanted, this.#address) };
        await this.#client.patch(pods, namespace, name, 'strategic', patch, { subresource: 'status' });
      } catch (error) {
        // The pod is gone, or another has its name by now: nobody waits for this status.
        if (!isNotFound(error) && !isConflict(error)) this.#log.error(`status of pod ${namespace}/${name}`, error);
      }
      this.#written = wanted;
      if (!keepsAddress(wanted)) this.#address = wanted.podIP;
    }
  }
}

/**
 * Conditions are merged by type and addresses by themselves, so what is no longer said has to be taken away.
 * @param address the one that is shown so far.
 */
function patchTo(status: PodStatus, address: string | undefined): object {
  const conditions = status.conditions?.map((condition) => ({ reason: null, message: null, ...condition }));
  const moved = address !== undefined && address !== status.podIP && !keepsAddress(status);
  return {
    ...status,
    ...(conditions === undefined ? {} : { conditions }),
    ...(moved ? { podIP: status.podIP ?? null, podIPs: [{ $patch: 'replace' }, ...(status.podIPs ?? [])] } : {}),
  };
}

/** A pod that has ended keeps the address that it had (pkg/kubelet/kubelet_pods.go, generateAPIPodStatus). */
function keepsAddress({ phase, podIP }: PodStatus): boolean {
  return podIP === undefined && (phase === 'Succeeded' || phase === 'Failed');
}
