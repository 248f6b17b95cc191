import type { ApiClient, UserInfo } from '../client';
import type { Clock } from '../clock';
import type { DelayedRequest } from '../faults/active-faults';
import type { KubeletConnector } from '../kubelet-api';
import type { Log } from '../log';
import type { PortRange } from '../network/port-range';
import type { ServiceRange } from '../network/service-range';
import type { Random } from '../random';
import type { AdmissionPlugin, AdmissionPluginFactory } from './admission/plugin';
import { Api } from './api';
import { ApiServiceRegistration } from './api-services/registration';
import type { AuditTrail } from './audit/trail';
import type { Authenticator } from './authentication/authenticator';
import type { Authorizer } from './authorization/authorizer';
import { InProcessClient } from './client';
import { CustomResourceController } from './custom-resources/controller';
import { webhookConverter } from './custom-resources/conversion/converter';
import { FlowControlController } from './flow-control/controller';
import { HttpsServer } from './http/https-server';
import { Pace } from './pace';
import { anyDefinition, type ResourceDefinition } from './registry/definition';
import type { TokenIssuer, VirtualResource } from './registry/virtual-resource';
import { MetricsApi } from './resource-metrics/metrics-api';
import { schemaFor } from './schema';
import { ServiceCidrController } from './service-cidrs/controller';
import type { Backend } from './storage/backend';
import { Store } from './storage/store';
import { type Component, componentStatusDefinition } from './strategies/componentstatuses';
import { bindings } from './subresources/bindings';
import { WebhookClient } from './webhook/client';
import { serviceDialer } from './webhook/service-dialer';

/** What an API server is made of. */
export interface ApiServerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where objects are kept beyond the process's life; `memoryBackend()` keeps nothing. */
  readonly backend: Backend;
  readonly definitions: readonly ResourceDefinition[];
  readonly virtualResources?: readonly VirtualResource[];
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  /** In the order of running. Each is made with a client that acts as `system:apiserver`. */
  readonly admission: readonly AdmissionPluginFactory[];
  readonly tokenIssuer?: TokenIssuer;
  /** The public keys that ServiceAccount tokens are checked by, as JSON Web Keys, for OpenID discovery. */
  readonly tokenKeys?: () => readonly object[];
  /** Remembers what comes over the network; absent: nothing does. */
  readonly audit?: AuditTrail;
  /** Where Services get their addresses from; absent: the default range. */
  readonly serviceRanges?: readonly ServiceRange[];
  /** Where NodePorts come from; absent: upstream's default. */
  readonly nodePorts?: PortRange;
  /** Parts of the cluster that do not run, for who asks how they are. */
  readonly absentComponents?: readonly Component[];
  /** Milliseconds of the host's time that a request from outside waits before it is served; absent: none does. */
  readonly latency?: (request: DelayedRequest) => number;
  /** Finds the kubelet that serves a pod's logs and processes. */
  readonly kubelets: KubeletConnector;
}

export interface ListenOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** PEM. Client certificates are asked for and left to the authenticator to judge. */
  readonly tls: { readonly key: string; readonly cert: string; readonly ca: string | readonly string[] };
}

export interface ApiServer {
  /** Serves further resources from now on; one that is served already is served by its new definition. */
  serve(definitions: readonly ResourceDefinition[]): void;
  /** Serves these no longer; what is stored stays. */
  withdraw(definitions: readonly Pick<ResourceDefinition, 'resource'>[]): void;
  /** The API in process, acting as `user`. */
  client(user: UserInfo): ApiClient;
  /**
   * Serves HTTPS.
   * @throws Error with code EADDRINUSE when the port is taken.
   */
  listen(options: ListenOptions): Promise<{ port: number }>;
  /** Ends all requests, then makes what was written durable. */
  close(): Promise<void>;
}

/** Whom the API server acts as when it reads its own cluster (kube-apiserver's loopback client). */
const LOOPBACK_USER: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

/** Makes an API server over what the backend holds. It listens to nobody until told to. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { clock, random, log, backend, definitions, authorizer, virtualResources = [], tokenIssuer } = options;
  const store = new Store(backend, log);
  const plugins: AdmissionPlugin[] = [];
  const api: Api = new Api(
    {
      store,
      clock,
      random,
      serviceRanges: options.serviceRanges,
      nodePorts: options.nodePorts,
      definitions,
      virtualResources: [...virtualResources, bindings(() => api)],
      authorizer,
      tokenIssuer,
      schemaFor,
    },
    plugins,
  );
  if (options.audit !== undefined) api.serve([options.audit.definition]);
  if (options.absentComponents !== undefined) {
    api.serve([anyDefinition(componentStatusDefinition(options.absentComponents))]);
  }
  const pace = new Pace(clock);
  const loopback = new InProcessClient(api, LOOPBACK_USER, pace);
  plugins.push(...options.admission.map((make) => make(loopback, clock, api)));
  const metrics = new MetricsApi(api, options.kubelets, clock, log);
  metrics.start(loopback);
  const webhooks = new WebhookClient(serviceDialer(api, options.kubelets));
  const customResources = new CustomResourceController(api, loopback, clock, log, (definition) =>
    webhookConverter(definition, webhooks, random),
  );
  const apiServices = new ApiServiceRegistration(api, loopback, clock, log);
  customResources.start();
  apiServices.start();
  const serviceAddresses = new ServiceCidrController(loopback, clock, log, options.serviceRanges);
  serviceAddresses.start();
  const flowControl = new FlowControlController(loopback, clock, log);
  flowControl.start();

  let https: HttpsServer | undefined;
  return {
    serve: (definitions) => api.serve(definitions),
    withdraw: (definitions) => api.withdraw(definitions),
    client: (user) => new InProcessClient(api, user, pace),
    async listen(listen) {
      https = new HttpsServer(api, options, listen);
      return https.start();
    },
    async close() {
      metrics.stop();
      customResources.stop();
      apiServices.stop();
      serviceAddresses.stop();
      flowControl.stop();
      await https?.stop();
      await options.audit?.close();
      await store.flushed();
      await store.close();
    },
  };
}
