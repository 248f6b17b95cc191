import type { IncomingMessage } from 'node:http';
import type { KubeObject, Status } from '../../../../shared/kubernetes/objects';
import type { UserInfo } from '../../client';
import type { Clock } from '../../clock';
import type { AuthenticationNotes } from '../authentication/authenticator';
import type { Decision } from '../authorization/authorizer';
import type { RequestInfo } from '../http/request-info';
import {
  type AuditEvent,
  type AuditStage,
  type AuditStatus,
  auditUser,
  type PassedStage,
  sourceAddresses,
} from './event';

/** What is said of a request whose connection broke before there was an answer (endpoints/filters/audit.go). */
const CLOSED_EARLY = { metadata: {}, status: 'Success', message: 'Connection closed early', code: 200 };

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
  readonly #addresses: readonly string[];
  readonly #userAgent: string | undefined;
  readonly #received: number;
  readonly #stages: Passed[] = [];
  #decision: Decision | undefined;
  #annotations: Record<string, string> | undefined;
  /** `undefined` until it is known who makes the request. */
  #user: UserInfo | undefined;
  #impersonated: UserInfo | undefined;
  #name = '';
  /** What the body said that it was. */
  #written: KubeObject['metadata'] = {};
  #status: Status | undefined;
  #panicked = false;
  #begin: (() => void) | undefined;
  #identified: (() => void) | undefined;

  constructor(clock: Clock, auditId: string, request: IncomingMessage, info: RequestInfo) {
    this.#clock = clock;
    this.auditId = auditId;
    this.#info = info;
    this.#received = clock.now();
    // What is taken from the request is little; the request itself would keep its connection in memory.
    this.#uri = request.url ?? '/';
    this.#addresses = sourceAddresses(request.headers, request.socket.remoteAddress);
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

  /** An object has been read from the body (apiserver/pkg/audit LogRequestObject). */
  requested({ name, namespace, uid, resourceVersion }: KubeObject['metadata']): void {
    this.#written = { name, namespace, uid, resourceVersion };
  }

  /** The answer is a Status. */
  answered(status: Status): void {
    this.#status = status;
  }

  /** The server has failed in a way that nobody has foreseen. */
  panicked(message: string): void {
    this.#panicked = true;
    this.#status = { status: 'Failure', message: `APIServer panic'd: ${message}`, reason: 'InternalError', code: 500 };
  }

  /** The stage in which a request ends. Who has not been let in has not been received either. */
  get lastStage(): AuditStage {
    if (this.#panicked) return 'Panic';
    return this.#user === undefined && this.#status?.code === 401 ? 'ResponseStarted' : 'ResponseComplete';
  }

  /** The name that the server drew for an object; empty: it had one, or nothing was stored. */
  get drawnName(): string {
    return this.#info.name || this.#written.name ? '' : this.#name;
  }

  /** What the request is answered with instead of what it asked for. */
  failed(status: Status): void {
    this.#status = status;
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
      user: this.#user === undefined ? {} : auditUser(this.#user),
      ...(this.#impersonated === undefined ? {} : { impersonatedUser: auditUser(this.#impersonated) }),
      ...(this.#addresses.length === 0 ? {} : { sourceIPs: this.#addresses }),
      ...(this.#userAgent ? { userAgent: this.#userAgent } : {}),
      ...(info.isResource ? { objectRef: this.#objectRef() } : {}),
      ...(stage === 'RequestReceived' ? {} : { responseStatus: this.#responseStatus(code) }),
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
    const { resource, group, version, subresource } = this.#info;
    const { uid, resourceVersion } = this.#written;
    const namespace = this.#info.namespace || this.#written.namespace;
    const name = this.#info.name || this.#written.name;
    return {
      resource,
      ...(namespace ? { namespace } : {}),
      ...(name ? { name } : {}),
      ...(uid ? { uid } : {}),
      ...(group === '' ? {} : { apiGroup: group }),
      apiVersion: version,
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(subresource === '' ? {} : { subresource }),
    };
  }

  #responseStatus(code: number): AuditStatus {
    if (this.#status === undefined) return code === 0 ? CLOSED_EARLY : { metadata: {}, code };
    const { status, message, reason, details } = this.#status;
    return {
      metadata: {},
      ...(status === undefined ? {} : { status }),
      ...(message === undefined ? {} : { message }),
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code: this.#status.code ?? code,
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
