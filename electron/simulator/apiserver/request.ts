import type { UserInfo } from '../client';

/** What the authorizer and the audit trail see of a request (`authorizer.Attributes`). */
export interface RequestAttributes {
  readonly user: UserInfo;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or the method in lower case for a path that is no resource. */
  readonly verb: string;
  readonly isResource: boolean;
  /** The URL's path, for what is no resource: `/healthz`. */
  readonly path: string;
  readonly group: string;
  readonly version: string;
  /** The plural name; empty for a path that is no resource. */
  readonly resource: string;
  readonly subresource: string;
  /** Empty when cluster-scoped or over all namespaces. */
  readonly namespace: string;
  /** Empty for collections. */
  readonly name: string;
  /** Of a list, a watch or a deletecollection, as it came: `spec.nodeName=worker-1`. Absent or empty: no selector. */
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}
