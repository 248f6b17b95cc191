import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { KubeObject, Status } from '../../../../shared/kubernetes/objects';
import type { UserInfo } from '../../client';

/** A user as it stands in an audit event (`authentication.k8s.io/v1` UserInfo). */
export interface AuditUser {
  /** Absent: whoever it was did not prove it. */
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export type AuditStage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';

/** What a request has come to, without the body of the answer. */
export type AuditStatus = Pick<Status, 'status' | 'message' | 'reason' | 'details' | 'code'> & { metadata: object };

/** `audit.k8s.io/v1` Event, on the level Metadata: who asked for what and what came of it, but not the objects themselves. */
export interface AuditEvent {
  readonly level: 'Metadata';
  readonly auditID: string;
  readonly stage: AuditStage;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: AuditUser;
  readonly impersonatedUser?: AuditUser;
  readonly sourceIPs?: readonly string[];
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly apiGroup?: string;
    readonly apiVersion: string;
    readonly resourceVersion?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: AuditStatus;
  /** RFC 3339 with microseconds. */
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One step of a request on its way through the server; what it tells depends on the step. */
export interface PassedStage {
  readonly name: 'authentication' | 'impersonation' | 'authorization' | 'admission' | 'storage';
  /** RFC 3339 with microseconds. */
  readonly time: string;
  /** Who the user is known by, or the name of the admission plugin. */
  readonly by?: string;
  readonly user?: string;
  readonly outcome: 'allowed' | 'refused' | 'changed' | 'stored';
  readonly reason?: string;
  /** The resourceVersion that the object was stored under. */
  readonly resourceVersion?: string;
}

/** What the simulator serves of its trail: the audit event with the stages that the request has passed. */
export interface TrailEvent extends KubeObject, AuditEvent {
  readonly stages: readonly PassedStage[];
}

/**
 * Where a request comes from, the nearest last (apimachinery/pkg/util/net SourceIPs).
 * @param remote the other end of the connection.
 */
export function sourceAddresses(headers: IncomingHttpHeaders, remote: string | undefined): string[] {
  const found = [headers['x-forwarded-for'] ?? ''].flat().join(',').split(',').map(addressOf);
  const addresses = found.filter((address) => address !== undefined);
  const real = addressOf([headers['x-real-ip'] ?? ''].flat()[0] ?? '');
  if (real !== undefined && !addresses.includes(real)) addresses.push(real);
  const own = addressOf(remote ?? '');
  if (own !== undefined && addresses.at(-1) !== own) addresses.push(own);
  return addresses;
}

/** An IPv4 address in IPv6's clothes is shown as what it is. */
function addressOf(text: string): string | undefined {
  const address = text.trim().replace(/^::ffff:(?=\d+\.)/, '');
  return isIP(address) === 0 ? undefined : address;
}

export function auditUser({ name, uid, groups, extra }: UserInfo): AuditUser {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(extra === undefined ? {} : { extra }),
  };
}
