import type { ConfigMap, Namespace } from '../../../shared/kubernetes/objects';
import { configMaps, namespaces } from '../../../shared/kubernetes/resources';
import { isAlreadyExists, isNamespaceTerminating } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import type { Informer } from '../informer';
import { Controller } from './controller';
import { equivalent } from './equality';

const NAME = 'kube-root-ca.crt';
/** Where the API server publishes the authority it trusts clients by; here it has signed the server's certificate too. */
const SOURCE = { namespace: 'kube-system', name: 'extension-apiserver-authentication', key: 'client-ca-file' };

const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Puts the cluster's CA where pods find it, in every namespace (pkg/controller/certificates/rootcacertpublisher). */
class RootCaPublisher extends Controller {
  readonly #namespaces: Informer<Namespace>;
  readonly #maps: Informer<ConfigMap>;

  constructor(context: ComponentContext) {
    super('root-ca-certificate-publisher-controller', context);
    this.#namespaces = this.primary(namespaces);
    this.#maps = this.watch(configMaps, ({ metadata }) => {
      if (metadata.name === NAME) this.enqueue(metadata.namespace ?? '');
      else if (metadata.name === SOURCE.name && metadata.namespace === SOURCE.namespace) {
        for (const namespace of this.#namespaces.list()) this.enqueue(namespace.metadata.name ?? '');
      }
    });
  }

  protected async reconcile(namespace: string): Promise<void> {
    if (this.#namespaces.getByKey(namespace)?.status?.phase !== 'Active') return;
    const ca = this.#maps.get(SOURCE.namespace, SOURCE.name)?.data?.[SOURCE.key];
    if (ca === undefined) return;
    const data = { 'ca.crt': ca };
    const annotations = { 'kubernetes.io/description': DESCRIPTION };
    const present = this.#maps.get(namespace, NAME);
    try {
      if (present === undefined) {
        const metadata = { name: NAME, namespace, annotations };
        await this.context.client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
      } else if (!equivalent(present.data, data)) {
        await this.context.client.update(configMaps, { ...present, data });
      }
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
    }
  }
}

export const rootCaPublisher: ComponentDefinition = {
  name: 'root-ca-certificate-publisher-controller',
  user: 'system:serviceaccount:kube-system:root-ca-cert-publisher',
  create: (context) => new RootCaPublisher(context),
};
