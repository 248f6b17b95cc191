import type { IncomingMessage } from 'node:http';
import type { Status } from '../../../../shared/kubernetes/objects';
import type { UserInfo } from '../../client';
import { type Clock, microTimestamp } from '../../clock';
import type { AuthenticationNotes } from '../authentication/authenticator';
import { anonymous } from '../authentication/users';
import type { Decision } from '../authorization/authorizer';
import type { RequestInfo } from '../http/request-info';
import { type AuditEvent, type AuditStage, type AuditStatus, auditUser, type PassedStage } from './event';

/** What an answer is said to have been whose connection broke before it was made (nginx's code, as upstream has none). */
const GONE = 499;

/** One request's way through the server, as the audit trail tells it. */
export class RequestTrace {
  readonly #clock: Clock;
  readonly #request: IncomingMessage;
  readonly #info: RequestInfo;
  readonly #received: string;
  readonly #stages: PassedStage[] = [];
  #annotations: Record<string, string> | undefined;
  #user: UserInfo = anonymous;
  #impersonated: UserInfo | undefined;
  #name = '';
  #failure: Status | undefined;
  #begin: (() => void) | undefined;
  readonly auditId: string;

  constructor(clock: Clock, auditId: string, request: IncomingMessage, info: RequestInfo) {
    this.#clock = clock;
    this.auditId = auditId;
    this.#request = request;
    this.#info = info;
    this.#received = microTimestamp(clock);
  }

  /** The first value of a key stays. */
  annotate(key: string, value: string): void {
    this.#annotations ??= {};
    if (!Object.hasOwn(this.#annotations, key)) this.#annotations[key] = value;
  }

  /** @param warn where warnings go. */
  authenticationNotes(warn: (message: string) => void): AuthenticationNotes & { readonly method: string } {
    let method = '';
    return {
      get method() {
        return method;
      },
      identifiedBy: (by) => {
        method = by;
      },
      warn,
      annotate: (key, value) => this.annotate(key, value),
    };
  }

  authenticated(user: UserInfo, by: string): void {
    this.#user = user;
    this.#pass({ name: 'authentication', outcome: 'allowed', user: user.name, ...(by === '' ? {} : { by }) });
  }

  impersonating(user: UserInfo): void {
    this.#impersonated = user;
    this.#pass({ name: 'impersonation', outcome: 'allowed', user: user.name });
  }

  authorized({ allowed, reason }: Decision): void {
    this.annotate('authorization.k8s.io/decision', allowed ? 'allow' : 'forbid');
    this.annotate('authorization.k8s.io/reason', reason);
    const outcome = allowed ? 'allowed' : 'refused';
    this.#pass({ name: 'authorization', outcome, ...(reason === '' ? {} : { reason }) });
  }

  /** @param reason why it was refused. */
  admission(plugin: string, outcome: 'changed' | 'refused', reason?: string): void {
    this.#pass({ name: 'admission', by: plugin, outcome, ...(reason === undefined ? {} : { reason }) });
  }

  /** @param name the object's, which a request that creates it may not have had. */
  stored(name: string, resourceVersion: string): void {
    this.#name = name;
    this.#pass({ name: 'storage', outcome: 'stored', resourceVersion });
  }

  /** @param callback called when an answer begins that will go on for long. */
  onBegin(callback: () => void): void {
    this.#begin = callback;
  }

  /** The first byte of the answer is about to be sent. */
  begins(): void {
    const callback = this.#begin;
    this.#begin = undefined;
    callback?.();
  }

  /** What the request is answered with instead of what it asked for. */
  failed(status: Status): void {
    this.#failure = status;
    if (status.code === 401) this.#pass({ name: 'authentication', outcome: 'refused' });
  }

  /** About how much memory the event takes, in bytes. */
  get weight(): number {
    const { url = '', headers } = this.#request;
    const texts = this.#annotations === undefined ? 0 : JSON.stringify(this.#annotations).length;
    return 1500 + 2 * (url.length + (headers['user-agent']?.length ?? 0) + texts);
  }

  get stages(): readonly PassedStage[] {
    return this.#stages;
  }

  /** @param code the answer's; 0: there was none. */
  event(stage: AuditStage, code: number): AuditEvent {
    const { request, info } = { request: this.#request, info: this.#info };
    const address = request.socket.remoteAddress?.replace(/^::ffff:/, '');
    const userAgent = request.headers['user-agent'];
    return {
      level: 'Metadata',
      auditID: this.auditId,
      stage,
      requestURI: request.url ?? '/',
      verb: info.verb,
      user: auditUser(this.#user),
      ...(this.#impersonated === undefined ? {} : { impersonatedUser: auditUser(this.#impersonated) }),
      ...(address === undefined ? {} : { sourceIPs: [address] }),
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(info.isResource ? { objectRef: this.#objectRef() } : {}),
      ...(stage === 'RequestReceived' ? {} : { responseStatus: this.#status(code) }),
      requestReceivedTimestamp: this.#received,
      stageTimestamp: stage === 'RequestReceived' ? this.#received : microTimestamp(this.#clock),
      ...(this.#annotations === undefined ? {} : { annotations: this.#annotations }),
    };
  }

  #objectRef(): NonNullable<AuditEvent['objectRef']> {
    const { resource, namespace, group, version, subresource } = this.#info;
    const name = this.#info.name || this.#name;
    return {
      resource,
      ...(namespace === '' ? {} : { namespace }),
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { apiGroup: group }),
      apiVersion: version,
      ...(subresource === '' ? {} : { subresource }),
    };
  }

  #status(code: number): AuditStatus {
    if (this.#failure === undefined) return { metadata: {}, code: code === 0 ? GONE : code };
    const { status, message, reason, details } = this.#failure;
    return {
      metadata: {},
      ...(status === undefined ? {} : { status }),
      ...(message === undefined ? {} : { message }),
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code: this.#failure.code ?? code,
    };
  }

  #pass(stage: Omit<PassedStage, 'time'>): void {
    this.#stages.push({ ...stage, time: microTimestamp(this.#clock) });
  }
}
