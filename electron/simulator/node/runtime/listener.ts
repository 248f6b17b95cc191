/** A request to a server in a container, reduced to what simulated servers look at. */
export interface HttpRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The caller's address. */
  readonly remoteAddress: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An open port of a container. */
export interface Listener {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** Absent for servers that do not speak HTTP. */
  readonly http?: (request: HttpRequest) => Promise<HttpResponse> | HttpResponse;
}
