import type { RequestAttributes } from '../request';

export interface Decision {
  readonly allowed: boolean;
  /** Why, for the 403 text and SubjectAccessReview: `RBAC: allowed by ClusterRoleBinding "…" of ClusterRole "…" to Group "…"`. */
  readonly reason: string;
}

/** Decides whether a request may be made. Synchronous: rules are in memory. */
export interface Authorizer {
  authorize(attributes: RequestAttributes): Decision;
}
