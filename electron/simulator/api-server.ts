import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf } from '../../shared/error-message';
import { admissionPlugins, type PluginChoice } from './apiserver/admission';
import type { AdmissionPluginFactory } from './apiserver/admission/plugin';
import { auditLogFile } from './apiserver/audit/log-file';
import { AuditTrail } from './apiserver/audit/trail';
import {
  apiserver,
  createAuthenticator,
  createTokenIssuer,
  identityReviews,
  ServiceAccountTokens,
} from './apiserver/authentication';
import { bootstrapTokens } from './apiserver/authentication/bootstrap-token';
import { TokenChain } from './apiserver/authentication/token-authenticator';
import { tokenFile } from './apiserver/authentication/token-file';
import { type AuthorizationMode, ClusterAuthorizer } from './apiserver/authorization';
import { accessReviews } from './apiserver/authorization/access-reviews';
import type { FeatureGates } from './apiserver/feature-gates';
import { type ApiServer, createApiServer } from './apiserver/server';
import { clockDefinition } from './apiserver/simulator-group/clocks';
import { faultDefinition } from './apiserver/simulator-group/faults';
import { schedulingVerdictDefinition, type VerdictSource } from './apiserver/simulator-group/scheduling-verdicts';
import type { Backend } from './apiserver/storage/backend';
import { servedDefinitions } from './apiserver/strategies';
import type { Component } from './apiserver/strategies/componentstatuses';
import type { RuntimeConfig } from './apiserver/strategies/runtime-config';
import type { ClusterCertificates } from './certificates';
import type { ApiClient } from './client';
import type { Clock } from './clock';
import type { ActiveFaults } from './faults/active-faults';
import type { KubeletConnector } from './kubelet-api';
import type { Log } from './log';
import { CONTROL_PLANE_ADDRESS } from './network/control-plane-address';
import { PortRange } from './network/port-range';
import { ServiceRange } from './network/service-range';
import type { Random } from './random';

/** What kube-apiserver's flags of the same names say; absent: their defaults. */
export interface ApiServerSettings {
  /** `--token-auth-file`: a path. */
  readonly tokenAuthFile?: string;
  /** `--client-ca-file`: a path. */
  readonly clientCaFile?: string;
  /** `--service-cluster-ip-range`: as `10.96.0.0/12`. */
  readonly serviceClusterIpRange?: string;
  /** Where NodePorts come from: `--service-node-port-range`. */
  readonly serviceNodePortRange?: string;
  readonly authorizationModes?: readonly AuthorizationMode[];
  readonly admissionPlugins?: PluginChoice;
  readonly featureGates?: FeatureGates;
  /** `--runtime-config`. */
  readonly runtimeConfig?: RuntimeConfig;
  readonly auditLog?: {
    /** A file, or `-` for the standard output. */
    readonly path: string;
    /** Megabytes after which a file is put aside. */
    readonly maxSize: number;
    /** How many of those are kept. */
    readonly maxBackup: number;
  };
}

/** What an API server is made over. */
export interface ApiServerParts {
  readonly backend: Backend;
  readonly certificates: ClusterCertificates;
  readonly kubelets: KubeletConnector;
  /** Parts of the cluster that do not run; absent: all run. */
  readonly absentComponents?: readonly Component[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Admission plugins of the cluster's provider, which run last. */
  readonly admission?: readonly AdmissionPluginFactory[];
  /** What goes wrong; absent: nothing does. */
  readonly faults?: ActiveFaults;
  /** Who knows what the scheduler found; absent: nobody. */
  readonly verdicts?: VerdictSource;
}

/** An API server with what its cluster needs to know of it. */
export interface AssembledApiServer {
  readonly server: ApiServer;
  readonly authorizer: ClusterAuthorizer;
  readonly accountTokens: ServiceAccountTokens;
  /** Where Services get their addresses from: one range, or one of each family. */
  readonly serviceRanges: readonly ServiceRange[];
  /** PEM: whom client certificates may be from. */
  readonly clientCertificateAuthorities: readonly string[];
  /** Acts as the API server itself. */
  readonly loopback: ApiClient;
}

/**
 * Puts an API server together as kube-apiserver's flags say.
 * @throws Error that names the flag and what is wrong with what it says.
 */
export async function assembleApiServer(
  parts: ApiServerParts,
  settings: ApiServerSettings = {},
): Promise<AssembledApiServer> {
  const { certificates, clock, random, log, faults } = parts;
  const serviceRanges = serviceRangesOf(settings.serviceClusterIpRange);
  const clientCertificateAuthorities = [certificates.ca.certificate, ...readAuthorities(settings.clientCaFile)];
  const authorizer = new ClusterAuthorizer(settings.authorizationModes);
  // The server is made with what reads through the server.
  let server: ApiServer | undefined;
  const verdicts = parts.verdicts === undefined ? [] : schedulingVerdictDefinition(parts.verdicts, log);
  const loopback = () => {
    if (server === undefined) throw new Error('the API server is not made yet');
    return server.client(apiserver);
  };
  const accountTokens = new ServiceAccountTokens(certificates.serviceAccountKey, clock, random.fork(), loopback);
  const { tokenAuthFile } = settings;
  const tokens = new TokenChain([
    ...(tokenAuthFile === undefined ? [] : [readTokens(tokenAuthFile, log)]),
    accountTokens,
    bootstrapTokens(loopback, clock),
  ]);
  const made = await createApiServer({
    clock,
    random: random.fork(),
    log,
    backend: parts.backend,
    definitions: [...servedDefinitions(settings.runtimeConfig), ...clockDefinition, ...faultDefinition, ...verdicts],
    virtualResources: [...accessReviews(authorizer), ...identityReviews(tokens, clock)],
    authenticator: createAuthenticator(tokens),
    authorizer,
    admission: [
      ...admissionPlugins(random.fork(), authorizer, parts.kubelets, settings.admissionPlugins, settings.featureGates),
      ...(parts.admission ?? []),
    ],
    tokenIssuer: createTokenIssuer(accountTokens, loopback, clock),
    tokenKeys: () => [accountTokens.webKey],
    audit: new AuditTrail(clock, log, settings.auditLog && auditLogFile(settings.auditLog, log)),
    serviceRanges,
    nodePorts: nodePortsOf(settings.serviceNodePortRange),
    kubelets: parts.kubelets,
    ...(faults === undefined ? {} : { latency: (request) => faults.latency(request) }),
    ...(parts.absentComponents === undefined ? {} : { absentComponents: parts.absentComponents }),
  });
  server = made;
  return {
    server: made,
    authorizer,
    accountTokens,
    serviceRanges,
    clientCertificateAuthorities,
    loopback: loopback(),
  };
}

/** @throws Error that names the flag and what is wrong with what it says. */
export function serviceRangesOf(flag: string | undefined): readonly ServiceRange[] {
  if (flag === undefined) return [ServiceRange.default];
  return named('--service-cluster-ip-range', () => {
    const ranges = ServiceRange.parse(flag);
    const [primary] = ranges;
    if (primary?.family === 'IPv6') {
      const address = CONTROL_PLANE_ADDRESS;
      throw new Error(`service IP family "${primary.cidr}" must match public address family "${address}"`);
    }
    return ranges;
  });
}

/** @throws Error that names the flag and what is wrong with what it says. */
export function nodePortsOf(flag: string | undefined): PortRange {
  if (flag === undefined) return PortRange.nodePorts;
  return named('--service-node-port-range', () => PortRange.parse(flag));
}

function readTokens(path: string, log: Log) {
  return named('--token-auth-file', () => tokenFile(path, log));
}

function readAuthorities(path: string | undefined): string[] {
  if (path === undefined) return [];
  return named('--client-ca-file', () => {
    const found = readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (found.length === 0) throw new Error(`there is no certificate in ${path}: it must hold some as PEM`);
    for (const pem of found) new X509Certificate(pem);
    return found;
  });
}

/** Tells by which flag a fault has come in. */
function named<T>(flag: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${flag}: ${messageOf(error)}`, { cause: error });
  }
}
