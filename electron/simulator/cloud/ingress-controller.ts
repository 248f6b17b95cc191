import type { Ingress, IngressClass, Service } from '../../../shared/kubernetes/objects';
import { ingressClasses, ingresses, services } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext, ComponentDefinition } from '../component';
import { Controller } from '../controllers/controller';
import type { Informer } from '../informer';
import type { IngressController as Provider } from './cloud';

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** Gives Ingresses the address that they are reached by, as the controllers of clusters do who serve them. */
class IngressController extends Controller {
  readonly #provider: Provider;
  readonly #ingresses: Informer<Ingress>;
  readonly #classes: Informer<IngressClass>;
  readonly #services: Informer<Service>;
  /** When those that have been seen are reachable, by key: milliseconds since the epoch. */
  readonly #due = new Map<string, number>();

  constructor(context: ComponentContext, provider: Provider) {
    super(provider.component, context);
    this.#provider = provider;
    this.#ingresses = this.primary(ingresses);
    const all = () => {
      for (const { metadata } of this.#ingresses.list()) this.enqueue(`${metadata.namespace}/${metadata.name}`);
    };
    this.#classes = this.watch(ingressClasses, all);
    this.#services = this.watch(services, ({ metadata }) => {
      for (const { metadata: own } of this.#ingresses.list(metadata.namespace)) {
        this.enqueue(`${own.namespace}/${own.name}`);
      }
    });
  }

  protected async reconcile(key: string): Promise<void> {
    const ingress = this.#ingresses.getByKey(key);
    if (ingress === undefined || ingress.metadata.deletionTimestamp !== undefined || !this.#isOurs(ingress)) {
      this.#due.delete(key);
      return;
    }
    const { events, random } = this.context;
    const [present] = ingress.status?.loadBalancer?.ingress ?? [];
    let due = this.#due.get(key);
    if (due === undefined) {
      events.event(ingress, 'Normal', 'Sync', 'Scheduled for sync');
      const [least, most] = this.#provider.provisioning;
      due = this.now + (present === undefined ? random.between(least, most) : 0);
      this.#due.set(key, due);
    }
    if (present !== undefined) return;
    const missing = this.#provider.checksServices === true ? this.#missingService(ingress) : undefined;
    if (missing !== undefined) {
      const text = `Translation failed: invalid ingress spec: could not find service "${missing}"`;
      events.event(ingress, 'Warning', 'Translate', text);
      return;
    }
    if (due > this.now) {
      this.enqueueAfter(key, due - this.now);
      return;
    }
    const others = this.#ingresses.list().filter(({ metadata }) => metadata.uid !== ingress.metadata.uid);
    const taken = others.flatMap(({ status }) => status?.loadBalancer?.ingress ?? []);
    const { ip, hostname } = this.#provider.addresses.take({ uid: ingress.metadata.uid ?? '' }, taken);
    await this.#report(ingress, ip === undefined ? { hostname } : { ip });
    if (this.#provider.tellsAddress === true)
      events.event(ingress, 'Normal', 'IPChanged', `IP is now ${ip ?? hostname}`);
  }

  async #report({ metadata: { namespace, name = '' } }: Ingress, point: object): Promise<void> {
    const patch = { status: { loadBalancer: { ingress: [point] } } };
    try {
      await this.context.client.patch(ingresses, namespace, name, 'merge', patch, { subresource: 'status' });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  #isOurs({ metadata, spec }: Ingress): boolean {
    const annotation = metadata.annotations?.[CLASS_ANNOTATION];
    if (annotation !== undefined) return annotation === this.#provider.annotation;
    const { controller } = this.#provider;
    const className = spec?.ingressClassName;
    if (className === undefined) return controller === undefined;
    return controller !== undefined && this.#classes.getByKey(className)?.spec?.controller === controller;
  }

  /** The first Service that it leads to and that is not there. */
  #missingService({ metadata: { namespace = '' }, spec }: Ingress): string | undefined {
    const paths = (spec?.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
    const names = [spec?.defaultBackend, ...paths.map(({ backend }) => backend)].flatMap(
      (backend) => backend?.service?.name ?? [],
    );
    const missing = names.find((name) => this.#services.get(namespace, name) === undefined);
    return missing === undefined ? undefined : `${namespace}/${missing}`;
  }
}

export function ingressController(provider: Provider): ComponentDefinition {
  return {
    name: provider.component,
    user: provider.user,
    create: (context) => new IngressController(context, provider),
  };
}
