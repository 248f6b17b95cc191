import type { Secret, ServiceAccount } from '../../../shared/kubernetes/objects';
import { secrets, serviceAccounts } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import { type Informer, splitKey } from '../informer';
import { Controller } from './controller';

const TYPE = 'kubernetes.io/service-account-token';
const NAME = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';

/** What the controller is given besides the cluster: in a real one, the files that its flags name. */
export interface TokenSigning {
  /** PEM. */
  readonly certificateAuthority: string;
  /** The token that says it lives in `secret`. */
  issueLegacy(account: ServiceAccount, secret: Secret): string;
}

/**
 * Fills Secrets of the type `kubernetes.io/service-account-token` with a token, and deletes them with their account
 * (pkg/controller/serviceaccount/tokens_controller.go).
 */
class ServiceAccountTokenController extends Controller {
  readonly #signing: TokenSigning;
  readonly #secrets: Informer<Secret>;
  readonly #accounts: Informer<ServiceAccount>;

  constructor(context: ComponentContext, signing: TokenSigning) {
    super('serviceaccount-token-controller', context);
    this.#signing = signing;
    this.#secrets = this.watch(secrets, (secret) => {
      if (secret.type === TYPE) this.enqueue(`${secret.metadata.namespace}/${secret.metadata.name}`);
    });
    this.#secrets.addIndex('account', (secret) => (secret.type === TYPE ? [accountKey(secret)] : []));
    this.#accounts = this.watch(serviceAccounts, ({ metadata }) => {
      for (const secret of this.#secrets.byIndex('account', `${metadata.namespace}/${metadata.name}`)) {
        this.enqueue(`${metadata.namespace}/${secret.metadata.name}`);
      }
    });
  }

  protected async reconcile(key: string): Promise<void> {
    const secret = this.#secrets.getByKey(key);
    if (secret === undefined || secret.type !== TYPE) return;
    const account = await this.#accountOf(secret);
    if (account === undefined) await this.#delete(secret);
    else await this.#fill(secret, account);
  }

  /** A Secret may be made a moment before its account, so the cache is not the last word. */
  async #accountOf(secret: Secret): Promise<ServiceAccount | undefined> {
    const { namespace, name } = splitKey(accountKey(secret));
    const isMeant = ({ metadata }: ServiceAccount) => {
      const uid = secret.metadata.annotations?.[UID];
      return !uid || uid === metadata.uid;
    };
    const cached = this.#accounts.get(namespace, name);
    if (cached !== undefined && isMeant(cached)) return cached;
    try {
      const present = await this.context.client.get(serviceAccounts, namespace, name);
      return isMeant(present) ? present : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #delete({ metadata }: Secret): Promise<void> {
    const preconditions = metadata.uid === undefined ? {} : { preconditions: { uid: metadata.uid } };
    try {
      await this.context.client.delete(secrets, metadata.namespace, metadata.name ?? '', preconditions);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  async #fill(secret: Secret, account: ServiceAccount): Promise<void> {
    const { metadata, data = {} } = secret;
    const wanted = {
      'ca.crt': base64(this.#signing.certificateAuthority),
      namespace: base64(metadata.namespace ?? ''),
      token: data.token || base64(this.#signing.issueLegacy(account, secret)),
    };
    if (Object.entries(wanted).every(([key, value]) => data[key] === value)) return;
    const annotations = {
      ...metadata.annotations,
      [NAME]: account.metadata.name ?? '',
      [UID]: account.metadata.uid ?? '',
    };
    const filled = { ...secret, metadata: { ...metadata, annotations }, data: { ...data, ...wanted } };
    await this.context.client.update(secrets, filled);
  }
}

/** The account that a Secret names, as a key. */
function accountKey({ metadata }: Secret): string {
  return `${metadata.namespace}/${metadata.annotations?.[NAME] ?? ''}`;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

export function serviceAccountTokenController(signing: TokenSigning): ComponentDefinition {
  return {
    name: 'serviceaccount-token-controller',
    user: 'system:kube-controller-manager',
    create: (context) => new ServiceAccountTokenController(context, signing),
  };
}
