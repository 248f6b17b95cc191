import { generateKeyPairSync } from 'node:crypto';
import { type ApiServerSettings, nodePortsOf, serviceRangesOf } from '../../electron/simulator/api-server';
import { admissionPlugins } from '../../electron/simulator/apiserver/admission';
import { type AuditSink, AuditTrail } from '../../electron/simulator/apiserver/audit/trail';
import {
  apiserver,
  createAuthenticator,
  createTokenIssuer,
  identityReviews,
  ServiceAccountTokens,
} from '../../electron/simulator/apiserver/authentication';
import {
  type TokenAuthenticator,
  TokenChain,
} from '../../electron/simulator/apiserver/authentication/token-authenticator';
import { ClusterAuthorizer } from '../../electron/simulator/apiserver/authorization';
import { accessReviews } from '../../electron/simulator/apiserver/authorization/access-reviews';
import { applyBootstrapPolicy } from '../../electron/simulator/apiserver/authorization/bootstrap';
import type { VirtualResource } from '../../electron/simulator/apiserver/registry/virtual-resource';
import { type ApiServer, createApiServer } from '../../electron/simulator/apiserver/server';
import { memoryBackend } from '../../electron/simulator/apiserver/storage/memory-backend';
import { servedDefinitions } from '../../electron/simulator/apiserver/strategies';
import type { ApiClient } from '../../electron/simulator/client';
import { VirtualClock } from '../../electron/simulator/clock';
import type { KubeletConnector } from '../../electron/simulator/kubelet-api';
import { silentLog } from '../../electron/simulator/log';
import { Random } from '../../electron/simulator/random';
import { createSystemObjects } from '../../electron/simulator/system-objects';

/** The API server as a cluster has it, without sockets, controllers, scheduler or nodes, on virtual time. */
export interface InProcessApi {
  readonly server: ApiServer;
  /** Acts as the API server itself. */
  readonly admin: ApiClient;
  readonly clock: VirtualClock;
  readonly tokens: ServiceAccountTokens;
  /** What is created and stored nowhere: the in-process client does not reach it. */
  readonly virtualResources: readonly VirtualResource[];
  stop(): Promise<void>;
}

/** One key for all tests: making one takes longer than most of them. */
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

export interface InProcessApiOptions {
  /** Who is known by a token, besides ServiceAccounts by theirs. */
  readonly people?: readonly TokenAuthenticator[];
  /** Is told of every request that comes over the network. */
  readonly audit?: AuditSink;
  /** Absent: no node has one. */
  readonly kubelets?: KubeletConnector;
  readonly settings?: Pick<
    ApiServerSettings,
    'admissionPlugins' | 'featureGates' | 'runtimeConfig' | 'serviceClusterIpRange' | 'serviceNodePortRange'
  >;
}

/** Starts one with its system namespaces, roles and priority classes in place. */
export async function startApi({
  people = [],
  audit,
  kubelets = () => undefined,
  settings: { admissionPlugins: choice, featureGates, runtimeConfig, serviceClusterIpRange, serviceNodePortRange } = {},
}: InProcessApiOptions = {}): Promise<InProcessApi> {
  const clock = new VirtualClock();
  const random = new Random(1);
  const authorizer = new ClusterAuthorizer();
  const tokens = new ServiceAccountTokens(key, clock, random.fork(), () => server.client(apiserver));
  const loopback = () => server.client(apiserver);
  const chain = new TokenChain([...people, tokens]);
  const virtualResources = [...accessReviews(authorizer), ...identityReviews(chain, clock)];
  const serviceRanges = serviceRangesOf(serviceClusterIpRange);
  const server: ApiServer = createApiServer({
    clock,
    random: random.fork(),
    log: silentLog,
    backend: memoryBackend(),
    definitions: servedDefinitions(runtimeConfig),
    virtualResources,
    authenticator: createAuthenticator(chain),
    authorizer,
    admission: admissionPlugins(random.fork(), authorizer, kubelets, choice, featureGates),
    tokenIssuer: createTokenIssuer(tokens, loopback, clock),
    kubelets,
    serviceRanges,
    nodePorts: nodePortsOf(serviceNodePortRange),
    ...(audit && { audit: new AuditTrail(clock, silentLog, audit) }),
  });
  const admin = loopback();
  await createSystemObjects(admin, clock, '10.0.0.1', 'CA', serviceRanges);
  await applyBootstrapPolicy(admin);
  await authorizer.start(admin);
  return {
    server,
    admin,
    clock,
    tokens,
    virtualResources,
    async stop() {
      authorizer.stop();
      await server.close();
    },
  };
}
