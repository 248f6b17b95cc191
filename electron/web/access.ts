import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a request may have. `enter`: it brings the token, and gets the cookie for it. */
export type Verdict = 'allowed' | 'enter' | 'refused';

/**
 * Who may talk to the server for a browser: one person, who has read a token off the terminal. The token works once; from
 * then on a cookie counts. Host and Origin are checked besides, against pages that rebind a name to this machine.
 */
export class Access {
  private readonly session = randomBytes(32).toString('base64url');
  private token: string | undefined = randomBytes(32).toString('base64url');
  private readonly port: number;

  /** @param port The port that the server listens on. */
  constructor(port: number) {
    this.port = port;
  }

  /** The one URL that lets a person in. @throws Error once it was used. */
  get url(): string {
    if (this.token === undefined) throw new Error('the token has been used');
    return `http://127.0.0.1:${this.port}/?token=${this.token}`;
  }

  /** Judges a request for a file or a page. */
  judge(request: IncomingMessage): Verdict {
    if (!this.isOurHost(request) || !this.isOurOrigin(request.headers.origin, true)) return 'refused';
    if (this.hasCookie(request)) return this.isOwnDoing(request) ? 'allowed' : 'refused';
    const given = new URL(request.url ?? '/', 'http://porthole').searchParams.get('token');
    if (given === null || this.token === undefined || !same(given, this.token)) return 'refused';
    this.token = undefined;
    return 'enter';
  }

  /** Judges a request for a WebSocket, which a browser never sends without an Origin. */
  judgeSocket(request: IncomingMessage): boolean {
    return this.isOurHost(request) && this.isOurOrigin(request.headers.origin, false) && this.hasCookie(request);
  }

  /** The header that gives the session to whoever brought the token. Browsers keep cookies by host, not port. */
  get cookie(): string {
    return `${this.cookieName}=${this.session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  private get cookieName(): string {
    return `porthole-${this.port}`;
  }

  private isOurHost({ headers }: IncomingMessage): boolean {
    return headers.host === `127.0.0.1:${this.port}` || headers.host === `localhost:${this.port}`;
  }

  private isOurOrigin(origin: string | undefined, optional: boolean): boolean {
    if (origin === undefined) return optional;
    return origin === `http://127.0.0.1:${this.port}` || origin === `http://localhost:${this.port}`;
  }

  /** A browser that says where a request comes from must say: from our own page, or from the person. */
  private isOwnDoing({ headers }: IncomingMessage): boolean {
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }

  private hasCookie({ headers }: IncomingMessage): boolean {
    const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
    const prefix = `${this.cookieName}=`;
    const given = pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
    return given !== undefined && same(given, this.session);
  }
}

/** Compares without telling by its time how much was right. */
function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
