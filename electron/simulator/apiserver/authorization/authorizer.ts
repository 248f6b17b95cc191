import type { ApiClient, UserInfo } from '../../client';
import type { RequestAttributes } from '../request';
import type { PolicyRule } from './rule';

export interface Decision {
  /** False stands for no opinion: another authorizer may allow it. */
  readonly allowed: boolean;
  /** Why, for the 403 text and SubjectAccessReview: `RBAC: allowed by ClusterRoleBinding "…" of ClusterRole "…" to Group "…"`. */
  readonly reason: string;
}

/** What a user may do in a namespace, as far as an authorizer can list it (`authorizer.RuleResolver`). */
export interface HeldRules {
  readonly rules: readonly PolicyRule[];
  /** Whether there may be more than these. */
  readonly incomplete: boolean;
  /** What went wrong while they were gathered; empty when nothing did. */
  readonly error: string;
}

/** Decides whether a request may be made. Synchronous: rules are in memory. */
export interface Authorizer {
  authorize(attributes: RequestAttributes): Decision;
  /** Absent: this authorizer cannot list what it allows. */
  rulesFor?(user: UserInfo, namespace: string): HeldRules;
}

/** An authorizer that follows the cluster. */
export interface LiveAuthorizer extends Authorizer {
  /**
   * Keeps what it knows in step with the cluster from now on; resolves when it knows all there is.
   * @param client reads as the API server itself.
   */
  start(client: ApiClient): Promise<void>;
  stop(): void;
}
