import type { KubeObject, ServiceAccount } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { UserInfo } from '../../client';

/** What a virtual resource may know of the request besides its body. */
export interface VirtualRequest {
  readonly user: UserInfo;
  /** Where the body is posted to; `undefined` when cluster-scoped. */
  readonly namespace: string | undefined;
  readonly dryRun: boolean;
}

/** A resource that is only ever created and stored nowhere: the answer is the result, as with access reviews. */
export interface VirtualResource {
  readonly resource: Resource;
  readonly singular: string;
  /** @throws StatusError when the body asks for something that cannot be answered. */
  create(body: KubeObject, request: VirtualRequest): Promise<KubeObject>;
}

/** What issuing a token tells of itself. */
export interface TokenAsker {
  /** Who is noted as having written the request's fields; absent: nobody. */
  readonly manager?: string | undefined;
  /** Notes something in the request's audit event, where there is one. */
  annotate?(key: string, value: string): void;
}

/** Serves `serviceaccounts/NAME/token` (`authentication.k8s.io/v1` TokenRequest). */
export interface TokenIssuer {
  /**
   * @param request the TokenRequest as it came.
   * @returns the TokenRequest with its status filled in.
   * @throws StatusError when the request is not valid.
   */
  issue(account: ServiceAccount, request: KubeObject, by: TokenAsker): Promise<KubeObject>;
}
