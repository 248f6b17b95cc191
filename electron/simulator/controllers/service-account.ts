import type { Namespace, ServiceAccount } from '../../../shared/kubernetes/objects';
import { namespaces, serviceAccounts } from '../../../shared/kubernetes/resources';
import { isAlreadyExists, isNamespaceTerminating } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import type { Informer } from '../informer';
import { Controller } from './controller';

/** What pods run as that name no account. */
const NAME = 'default';

/** Keeps a `default` service account in every namespace (pkg/controller/serviceaccount/serviceaccounts_controller.go). */
class ServiceAccountController extends Controller {
  readonly #namespaces: Informer<Namespace>;
  readonly #accounts: Informer<ServiceAccount>;

  constructor(context: ComponentContext) {
    super('serviceaccount-controller', context);
    this.#namespaces = this.primary(namespaces);
    this.#accounts = context.informers.for(serviceAccounts);
    this.#accounts.addHandlers({ delete: ({ metadata }) => this.enqueue(metadata.namespace ?? '') });
  }

  protected async reconcile(namespace: string): Promise<void> {
    if (this.#namespaces.getByKey(namespace)?.status?.phase !== 'Active') return;
    if (this.#accounts.get(namespace, NAME) !== undefined) return;
    const account: ServiceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace } };
    try {
      await this.context.client.create(serviceAccounts, account);
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
    }
  }
}

export const serviceAccountController: ComponentDefinition = {
  name: 'serviceaccount-controller',
  user: 'system:serviceaccount:kube-system:service-account-controller',
  create: (context) => new ServiceAccountController(context),
};
