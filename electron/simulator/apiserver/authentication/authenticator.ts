import type { TLSSocket } from 'node:tls';
import type { UserInfo } from '../../client';

/** Finds out who makes a request over the network. */
export interface Authenticator {
  /**
   * @param authorization the request's Authorization header.
   * @returns the user; `undefined` when nothing identifies one (the request is then anonymous).
   * @throws StatusError 401 when what is presented is not valid.
   */
  authenticate(socket: TLSSocket, authorization: string | undefined): Promise<UserInfo | undefined>;
}
