/** What a kubelet answers instead of taking up a connection: text, which the API server passes on as it is. */
export class KubeletRefusal extends Error {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;

  /** @param headers beside the content type. */
  constructor(code: number, message: string, headers: KubeletRefusal['headers'] = {}) {
    super(message);
    this.name = 'KubeletRefusal';
    this.code = code;
    this.headers = headers;
  }
}
