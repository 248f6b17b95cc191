import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { JsonSyntaxError, readJson } from '../encoding/json-reader';
import { readYaml, YamlError } from '../encoding/yaml-reader';
import { isRecord } from '../json';
import { jsonType } from '../schema';
import { dialError } from './dial-error';
import { responseError } from './response-error';

/** Where a webhook is (`admissionregistration.k8s.io/v1` WebhookClientConfig, and apiextensions' of the same form). */
export interface WebhookClientConfig {
  readonly url?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path?: string;
    readonly port?: number;
  };
  /** PEM, in base64; absent: whom the system trusts. */
  readonly caBundle?: string;
}

/**
 * Connects to a service of the cluster.
 * @throws Error in the words of Go's `net` package.
 */
export type ServiceDialer = (namespace: string, name: string, port: number) => Duplex;

/** A webhook could not be asked, or its answer not be read. The message is Go's. */
export class WebhookFailure extends Error {}

/** More than that nobody answers. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

/** Posts reviews to webhooks (k8s.io/apiserver/pkg/util/webhook/client.go). */
export class WebhookClient {
  readonly #dial: ServiceDialer;

  constructor(dial: ServiceDialer) {
    this.#dial = dial;
  }

  /**
   * @param seconds of real time: a webhook is somebody's program, which knows nothing of the cluster's clock.
   * @returns the answer's body, an object.
   * @throws WebhookFailure
   */
  async post(config: WebhookClientConfig, review: object, seconds: number): Promise<Record<string, unknown>> {
    const url = addressOf(config);
    url.searchParams.set('timeout', `${seconds}s`);
    const body = Buffer.from(JSON.stringify(review));
    let status: number;
    let text: string;
    let type: string | undefined;
    try {
      const answer = await this.#send(url, config, body, AbortSignal.timeout(seconds * 1000));
      ({ status, text, type } = answer);
    } catch (error) {
      throw new WebhookFailure(`Post ${JSON.stringify(url.href)}: ${dialError(error, url)}`);
    }
    if (status < 200 || status > 206) throw new WebhookFailure(responseError(status, text, type));
    return readReview(text, status, type);
  }

  async #send(url: URL, config: WebhookClientConfig, body: Buffer, signal: AbortSignal) {
    const options: RequestOptions = {
      method: 'POST',
      signal,
      headers: {
        accept: 'application/json, */*',
        'content-type': 'application/json',
        'content-length': body.length,
        'user-agent': 'kube-apiserver-admission',
      },
      ...(config.caBundle ? { ca: Buffer.from(config.caBundle, 'base64').toString() } : {}),
      ...this.#route(url, config),
    };
    const outgoing = httpsRequest(url, options);
    const answer = await answered(outgoing, body);
    const text = await whole(answer);
    return { status: answer.statusCode ?? 0, text, type: answer.headers['content-type'] };
  }

  /** Services are reached within the cluster, and known by their names there. */
  #route(url: URL, { service, caBundle }: WebhookClientConfig): RequestOptions {
    // One connection a review: a webhook may be another one a moment later.
    if (service === undefined) return { agent: false };
    const ca = caBundle ? { ca: Buffer.from(caBundle, 'base64').toString() } : {};
    const socket = this.#dial(service.namespace, service.name, service.port ?? 443);
    return { createConnection: () => connectTls({ socket, servername: url.hostname, ...ca }) };
  }
}

/** @throws WebhookFailure */
function addressOf({ url, service }: WebhookClientConfig): URL {
  if (service !== undefined) {
    const { name, namespace, path = '', port = 443 } = service;
    return new URL(`https://${name}.${namespace}.svc:${port}/${path.replace(/^\//, '')}`);
  }
  if (!url) throw new WebhookFailure('webhook configuration must have either service or URL');
  return new URL(url);
}

function answered(outgoing: ClientRequest, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function whole(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) throw new Error('http: request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** @throws WebhookFailure when it is no object. */
function readReview(text: string, status: number, type: string | undefined): Record<string, unknown> {
  if (text === '') {
    throw new WebhookFailure(`0-length response with status code: ${status} and content type: ${type ?? ''}`);
  }
  const value = readAnswer(text);
  if (isRecord(value)) return value;
  throw new WebhookFailure(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
  );
}

/** What is no JSON is read as YAML. @throws WebhookFailure */
function readAnswer(text: string): unknown {
  try {
    return readJson(text, true);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  try {
    return readYaml(text).value;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new WebhookFailure(`couldn't get version/kind; json parse error: ${error.message}`);
  }
}
