import { type ApiServerSettings, type AssembledApiServer, assembleApiServer } from './api-server';
import { applyBootstrapPolicy, createMissing } from './apiserver/authorization/bootstrap';
import type { Backend } from './apiserver/storage/backend';
import type { Component } from './apiserver/strategies/componentstatuses';
import type { ClusterCertificates } from './certificates';
import type { ApiClient } from './client';
import type { Clock } from './clock';
import { fargateMutation } from './cloud/fargate-admission';
import { clusterComponents } from './cluster-components';
import type { ComponentDefinition } from './component';
import { chosenComponents } from './component-choice';
import { type RunningComponents, startComponents } from './components';
import { ActiveFaults } from './faults/active-faults';
import { faultController } from './faults/fault-controller';
import type { Log } from './log';
import { CONTROL_PLANE_ADDRESS } from './network/control-plane-address';
import { ServiceRange } from './network/service-range';
import { KubeletRegistry } from './node';
import type { Preset } from './presets/preset';
import type { Random } from './random';
import { SchedulingAttempts } from './scheduler/attempts';
import { createSystemObjects } from './system-objects';
import { KUBERNETES_VERSION } from './version';

/** What a cluster is made of. */
export interface ClusterMakings {
  readonly preset: Preset;
  readonly backend: Backend;
  readonly certificates: ClusterCertificates;
  /** What all of it lives by. */
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly apiServer?: ApiServerSettings;
  /** Components that do not run: groups or names, see `chosenComponents`. */
  readonly disable?: readonly string[];
  /** What runs besides, whatever is switched off. */
  readonly components?: readonly ComponentDefinition[];
  /** Called before anything runs. @param client acts as the API server itself. */
  prepare?(client: ApiClient): Promise<void>;
}

/** A cluster that lives, and serves nobody outside of its process yet. */
export interface RunningCluster extends AssembledApiServer {
  readonly faults: ActiveFaults;
  /** Ends all of it; what was written is durable when this resolves. */
  stop(): Promise<void>;
}

/** Puts a cluster together and has it live. */
export async function runCluster(makings: ClusterMakings): Promise<RunningCluster> {
  const { preset, backend, certificates, clock, random, log, disable } = makings;
  const registry = new KubeletRegistry();
  const verdicts = new SchedulingAttempts();
  const faults = new ActiveFaults();
  const kubelets = registry.connector;
  const absentComponents = absentOf(disable);
  const { fargate } = preset.cloud ?? {};
  const admission = fargate === undefined ? [] : [fargateMutation(fargate.profiles)];
  const parts = { admission, backend, certificates, kubelets, absentComponents, clock, random, log, verdicts, faults };
  const assembled = await assembleApiServer(parts, makings.apiServer);
  const { server, authorizer, accountTokens, serviceRanges, loopback } = assembled;
  let components: RunningComponents | undefined;
  const stop = async () => {
    components?.stop();
    authorizer.stop();
    await server.close();
  };
  try {
    const all = clusterComponents({ preset, certificates, accountTokens, registry, verdicts, faults });
    const chosen = [...(makings.components ?? []), faultController(faults), ...chosenComponents(all, disable)];
    await applyBootstrapPolicy(loopback);
    const authority = certificates.ca.certificate;
    const address = preset.controlPlaneAddress ?? preset.nodes[0]?.internalIP ?? CONTROL_PLANE_ADDRESS;
    await createSystemObjects(loopback, clock, address, authority, serviceRanges);
    await authorizer.start(loopback);
    const [serviceRange = ServiceRange.default] = serviceRanges;
    const context = { certificateAuthority: authority, version: KUBERNETES_VERSION, serviceRange };
    for (const { resource, objects } of preset.objects(context)) await createMissing(loopback, resource, objects);
    await makings.prepare?.(loopback);
    components = await startComponents(server, chosen, { clock, random, log });
  } catch (error) {
    await stop().catch((closing: unknown) => log.error('the API server did not close in order', closing));
    throw error;
  }
  return { ...assembled, faults, stop };
}

/** What upstream's programs would not run of all that is switched off. */
function absentOf(disable: readonly string[] = []): Component[] {
  return [
    ...(disable.includes('controllers') ? (['controller-manager'] as const) : []),
    ...(disable.includes('scheduler') ? (['scheduler'] as const) : []),
  ];
}
