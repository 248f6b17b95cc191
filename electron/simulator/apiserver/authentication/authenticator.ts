import type { IncomingMessage } from 'node:http';
import type { UserInfo } from '../../client';

/** What authentication tells of itself besides the user; each goes with the request. */
export interface AuthenticationNotes {
  /** By what the user is known: `x509`, `token file`. */
  identifiedBy(method: string): void;
  /** Adds a `Warning` header to the answer. */
  warn(message: string): void;
  /** Adds to the audit event. */
  annotate(key: string, value: string): void;
}

/** Finds out who makes a request over the network. */
export interface Authenticator {
  /**
   * @param request whose headers lose what only says who one is.
   * @returns the user; `undefined` when nothing identifies one (the request is then anonymous).
   * @throws StatusError 401 when what is presented is not valid.
   */
  authenticate(request: IncomingMessage, notes?: AuthenticationNotes): Promise<UserInfo | undefined>;
}
