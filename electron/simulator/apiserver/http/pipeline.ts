import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Api } from '../api';
import type { ApiServerOptions } from '../server';
import { unknownPath } from '../status-errors';

/** The stages of a request. */
export async function handle(
  _api: Api,
  _options: ApiServerOptions,
  _request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status } = unknownPath();
  response.writeHead(status.code ?? 500, { 'content-type': 'application/json' }).end(JSON.stringify(status));
}
