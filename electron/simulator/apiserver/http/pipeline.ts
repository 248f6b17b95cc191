import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../../../shared/error-message';
import { SIMULATOR_GROUP } from '../../../../shared/kubernetes/simulator';
import { SystemClock } from '../../clock';
import type { Random } from '../../random';
import type { Api } from '../api';
import { noNotes } from '../authentication/token-authenticator';
import { anonymous } from '../authentication/users';
import { denied } from '../authorization/check';
import { FlowClassifier } from '../flow-control/classifier';
import type { ApiServerOptions } from '../server';
import { checkDeadline } from './deadline';
import { Exchange } from './exchange';
import { impersonated } from './impersonation';
import { NonResourceHandler } from './non-resources';
import { isLongRunning, requestInfo } from './request-info';
import { ResourceHandler } from './resources';
import { parseUrl } from './url';

/** The stages of a request, in kube-apiserver's order: who asks, as whom, whether it may be, and then what it asks for. */
export class Pipeline {
  readonly #api: Api;
  readonly #options: ApiServerOptions;
  readonly resources: ResourceHandler;
  readonly #others: NonResourceHandler;
  readonly #flows: FlowClassifier;
  /** For audit ids: how many requests come must not shift what the cluster draws. */
  readonly #auditIds: Random;

  constructor(api: Api, options: ApiServerOptions) {
    this.#api = api;
    this.#options = options;
    this.resources = new ResourceHandler(api, options);
    this.#others = new NonResourceHandler(api, options.tokenKeys ?? (() => []));
    this.#flows = new FlowClassifier(api.environment.store);
    this.#auditIds = options.random.fork();
  }

  /** Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.run(request, response, (exchange) =>
      (exchange.info.isResource ? this.resources : this.#others).handle(exchange),
    );
  }

  /**
   * Takes a request through all stages before the last, and answers what one of them throws. Never rejects.
   * @param last does what the request asks for.
   */
  async run(
    request: IncomingMessage,
    response: ServerResponse,
    last: (exchange: Exchange) => Promise<void>,
  ): Promise<void> {
    const url = parseUrl(request.url ?? '/');
    if (url === undefined) {
      // Go's server refuses what is no URL before anyone sees it.
      response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end('400 Bad Request');
      return;
    }
    const info = requestInfo(request.method ?? 'GET', url.path, url.query);
    const auditId = request.headers['audit-id'];
    const id = typeof auditId === 'string' ? auditId : this.#auditIds.uuid();
    response.setHeader('audit-id', id);
    const trace = this.#options.audit?.begin(request, response, info, id);
    const durable = () => this.#api.environment.store.flushed();
    const exchange = new Exchange(request, response, url, info, trace, durable);
    try {
      checkDeadline(info, url.query);
      await this.#identify(exchange);
      this.#classify(exchange);
      this.#authorize(exchange);
      await this.#delay(exchange);
      await last(exchange);
    } catch (error) {
      if (!request.destroyed || request.complete) await this.#fail(exchange, error);
    }
  }

  /** @throws StatusError 401, or 403 for an impersonation that is not allowed. */
  async #identify(exchange: Exchange): Promise<void> {
    const { request, trace } = exchange;
    const warn = (message: string) => exchange.warn(message);
    const traced = trace?.authenticationNotes(warn);
    // Without an identity one is anonymous, and the roles say what that is good for.
    const user = (await this.#options.authenticator.authenticate(request, traced ?? { ...noNotes, warn })) ?? anonymous;
    exchange.identify(user);
    trace?.authenticated(user, traced?.method ?? '');
    const other = impersonated(this.#api, user, request);
    if (other === undefined) return;
    exchange.identify(other);
    trace?.impersonating(other);
  }

  /** Says by which FlowSchema the request goes, and at which priority level (apiserver/pkg/server/filters/priority-and-fairness.go). */
  #classify({ info, user, response }: Exchange): void {
    // What goes on for long takes part in nothing, but for watches.
    if (isLongRunning(info) && info.verb !== 'watch') return;
    const { schema, level } = this.#flows.classify(info, user);
    response.setHeader('x-kubernetes-pf-flowschema-uid', schema);
    response.setHeader('x-kubernetes-pf-prioritylevel-uid', level);
  }

  /** @throws StatusError 403. */
  #authorize({ info, user, trace }: Exchange): void {
    const attributes = { ...info, user };
    const decision = this.#api.authorizer.authorize(attributes);
    trace?.authorized(decision);
    if (!decision.allowed) throw denied(attributes, decision);
  }

  /** Keeps the request waiting as faults say; never one that could take them away. */
  async #delay({ info, user }: Exchange): Promise<void> {
    const { verb, resource, group } = info;
    if (group === SIMULATOR_GROUP) return;
    const duration = this.#options.latency?.({ user: user.name, verb, resource }) ?? 0;
    // The person waits in their own time, however the cluster's goes, or when it stands still.
    if (duration > 0) await new Promise<void>((resolve) => void new SystemClock().setTimeout(resolve, duration));
  }

  async #fail(exchange: Exchange, error: unknown): Promise<void> {
    try {
      if (!isFault(error)) return await exchange.fail(error);
      this.#options.log.error(`answering ${exchange.info.verb} ${exchange.path}`, error);
      exchange.trace?.panicked(messageOf(error));
      await exchange.panic();
    } catch (fault) {
      this.#options.log.error(`answering ${exchange.path}`, fault);
      exchange.response.destroy();
    }
  }
}

/** What only a mistake in the program throws, as Go's runtime panics over it. */
function isFault(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
}
