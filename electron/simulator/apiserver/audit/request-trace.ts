import type { IncomingMessage } from 'node:http';
import type { Status } from '../../../../shared/kubernetes/objects';
import type { UserInfo } from '../../client';
import type { Clock } from '../../clock';
import type { AuthenticationNotes } from '../authentication/authenticator';
import { anonymous } from '../authentication/users';
import type { Decision } from '../authorization/authorizer';
import type { RequestInfo } from '../http/request-info';
import { type AuditEvent, type AuditStage, type AuditStatus, auditUser, type PassedStage } from './event';

/** What an answer is said to have been whose connection broke before it was made (nginx's code, as upstream has none). */
const GONE = 499;

type Passed = Omit<PassedStage, 'time'> & { readonly time: number };

/**
 * One request's way through the server, as the audit trail tells it. Every request has one, so nothing is put into words
 * before somebody wants to read it.
 */
export class RequestTrace {
  readonly auditId: string;
  readonly #clock: Clock;
  readonly #info: RequestInfo;
  readonly #uri: string;
  readonly #address: string | undefined;
  readonly #userAgent: string | undefined;
  readonly #received: number;
  readonly #stages: Passed[] = [];
  #decision: Decision | undefined;
  #annotations: Record<string, string> | undefined;
  #user: UserInfo = anonymous;
  #impersonated: UserInfo | undefined;
  #name = '';
  #failure: Status | undefined;
  #begin: (() => void) | undefined;
  #identified: (() => void) | undefined;

  constructor(clock: Clock, auditId: string, request: IncomingMessage, info: RequestInfo) {
    this.#clock = clock;
    this.auditId = auditId;
    this.#info = info;
    this.#received = clock.now();
    // What is taken from the request is little; the request itself would keep its connection in memory.
    this.#uri = request.url ?? '/';
    this.#address = request.socket.remoteAddress;
    this.#userAgent = request.headers['user-agent'];
  }

  /** The first value of a key stays. */
  annotate(key: string, value: string): void {
    this.#annotations ??= {};
    if (!Object.hasOwn(this.#annotations, key)) this.#annotations[key] = value;
  }

  /** @param warn where warnings go. */
  authenticationNotes(warn: (message: string) => void): AuthenticationNotes & { readonly method: string } {
    return new Notes(this, warn);
  }

  /** @param callback called when it is known who makes the request. */
  onIdentified(callback: () => void): void {
    this.#identified = callback;
  }

  authenticated(user: UserInfo, by: string): void {
    this.#user = user;
    this.#identified?.();
    this.#pass({ name: 'authentication', outcome: 'allowed', user: user.name, by });
  }

  impersonating(user: UserInfo): void {
    this.#impersonated = user;
    this.#pass({ name: 'impersonation', outcome: 'allowed', user: user.name });
  }

  authorized(decision: Decision): void {
    this.#decision = decision;
    const { allowed, reason } = decision;
    this.#pass({ name: 'authorization', outcome: allowed ? 'allowed' : 'refused', reason });
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
    let texts = this.#uri.length + (this.#userAgent?.length ?? 0);
    for (const { reason } of this.#stages) texts += reason?.length ?? 0;
    for (const key in this.#annotations) texts += key.length + (this.#annotations[key]?.length ?? 0);
    return 2000 + 2 * texts;
  }

  get stages(): PassedStage[] {
    return this.#stages.map(({ time, by, reason, ...stage }) => ({
      ...stage,
      ...(by ? { by } : {}),
      ...(reason ? { reason } : {}),
      time: microTime(time),
    }));
  }

  /**
   * @param code the answer's; 0: there was none.
   * @param time of the stage, cluster time in milliseconds since the epoch.
   */
  event(stage: AuditStage, code: number, time: number): AuditEvent {
    const info = this.#info;
    const annotations = this.#allAnnotations();
    return {
      level: 'Metadata',
      auditID: this.auditId,
      stage,
      requestURI: this.#uri,
      verb: info.verb,
      user: auditUser(this.#user),
      ...(this.#impersonated === undefined ? {} : { impersonatedUser: auditUser(this.#impersonated) }),
      ...(this.#address === undefined ? {} : { sourceIPs: [this.#address.replace(/^::ffff:/, '')] }),
      ...(this.#userAgent === undefined ? {} : { userAgent: this.#userAgent }),
      ...(info.isResource ? { objectRef: this.#objectRef() } : {}),
      ...(stage === 'RequestReceived' ? {} : { responseStatus: this.#status(code) }),
      requestReceivedTimestamp: microTime(this.#received),
      stageTimestamp: microTime(time),
      ...(annotations === undefined ? {} : { annotations }),
    };
  }

  #allAnnotations(): Record<string, string> | undefined {
    if (this.#decision === undefined) return this.#annotations;
    const { allowed, reason } = this.#decision;
    return {
      'authorization.k8s.io/decision': allowed ? 'allow' : 'forbid',
      'authorization.k8s.io/reason': reason,
      ...this.#annotations,
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

  #pass(stage: Omit<Passed, 'time'>): void {
    this.#stages.push({ ...stage, time: this.#clock.now() });
  }
}

class Notes implements AuthenticationNotes {
  method = '';
  readonly #trace: RequestTrace;
  readonly warn: (message: string) => void;

  constructor(trace: RequestTrace, warn: (message: string) => void) {
    this.#trace = trace;
    this.warn = warn;
  }

  identifiedBy(method: string): void {
    this.method = method;
  }

  annotate(key: string, value: string): void {
    this.#trace.annotate(key, value);
  }
}

/** RFC 3339 with microseconds. */
function microTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 23)}000Z`;
}
