import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { clusterCertificates } from '../../electron/simulator/certificates';
import { type ConversionReview, converted } from './conversion-webhook';

/** A webhook for both servers to ask: about admission, or to convert. */
export interface Webhook {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Of a server that speaks no TLS. */
  readonly plainHost: string;
  /** Whom to trust, as a configuration has it: PEM in base64. */
  readonly caBundle: string;
  stop(): void;
}

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: {
    readonly uid: string;
    readonly object?: { metadata?: { annotations?: Record<string, string>; managedFields?: unknown } };
    readonly oldObject?: { metadata?: { managedFields?: unknown } };
    readonly operation: string;
  };
}

type Answer = Record<string, unknown> | string | number | undefined;

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

/** What is answered under each path: the review's `response`, or a text, or a status; nothing at all: never. */
const ANSWERS: Readonly<Record<string, (review: Review) => Answer>> = {
  '/allow': () => ({ allowed: true }),
  '/warn': () => ({ allowed: true, warnings: ['first warning', 'second warning'] }),
  '/deny': () => ({ allowed: false }),
  '/deny-message': () => ({ allowed: false, status: { message: 'not today' } }),
  '/deny-reason': () => ({ allowed: false, status: { reason: 'Forbidden', code: 403 } }),
  '/deny-all': () => ({
    allowed: false,
    status: {
      status: 'Success',
      message: 'no',
      reason: 'Invalid',
      code: 422,
      details: { name: 'n', causes: [{ message: 'm', field: 'f' }] },
    },
  }),
  '/deny-code': () => ({ allowed: false, status: { code: 200, message: 'fine' } }),
  // What was asked, in the message of a refusal.
  '/echo': ({ request: { uid: _, ...asked } }) => ({ allowed: false, status: { message: comparable(asked) } }),
  '/seven': () => ({
    allowed: true,
    patch: base64([{ op: 'replace', path: '/spec/replicas', value: 7 }]),
    patchType: 'JSONPatch',
  }),
  '/bare': ({ request: { uid } }) => JSON.stringify({ response: { uid, allowed: true } }),
  '/other-kind': ({ request: { uid } }) =>
    JSON.stringify({
      apiVersion: 'admission.k8s.io/v1beta1',
      kind: 'AdmissionReview',
      response: { uid, allowed: true },
    }),
  // What the object itself asks for.
  '/patch': ({ request }) => {
    const patch = request.object?.metadata?.annotations?.patch;
    if (patch === undefined) return { allowed: true };
    return { allowed: true, patch: Buffer.from(patch).toString('base64'), patchType: 'JSONPatch' };
  },
  // Counts how often it was asked, in the object.
  '/count': ({ request }) => {
    const count = Number(request.object?.metadata?.annotations?.count ?? 0) + 1;
    const operations = [{ op: 'add', path: '/metadata/annotations/count', value: String(count) }];
    return { allowed: true, patch: base64(operations), patchType: 'JSONPatch' };
  },
  '/mark': () => {
    const operations = [{ op: 'add', path: '/metadata/annotations/marked', value: 'yes' }];
    return { allowed: true, patch: base64(operations), patchType: 'JSONPatch' };
  },
  '/no-type': () => ({ allowed: true, patch: base64([]) }),
  '/no-patch': () => ({ allowed: true, patchType: 'JSONPatch' }),
  '/other-type': () => ({ allowed: true, patch: base64([{ op: 'remove', path: '/data' }]), patchType: 'Merge' }),
  '/bad-patch': () => ({ allowed: true, patch: base64({ a: 1 }), patchType: 'JSONPatch' }),
  '/wrong-uid': () => ({ uid: 'other', allowed: true }),
  '/text': () => 'hello',
  '/empty': () => '',
  '/no-kind': () => '{}',
  '/list': () => '[]',
  '/missing': () => 404,
  '/failing': () => 500,
  '/busy': () => 503,
  '/never': () => undefined,
};

/** JSON with its members in order, without what is drawn and what only a client certificate says of a user. */
function comparable(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (key === 'resourceVersion' || key === 'extra') return undefined;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export async function startWebhook(): Promise<Webhook> {
  const { ca, server } = await clusterCertificates(undefined);
  const secure = createTlsServer({ key: server.key, cert: server.certificate }, serve);
  const plain = createServer(serve);
  const listen = (each: typeof secure | typeof plain) =>
    new Promise<string>((resolve) => {
      each.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(each.address() as AddressInfo).port}`));
    });
  return {
    host: await listen(secure),
    plainHost: await listen(plain),
    caBundle: Buffer.from(ca.certificate).toString('base64'),
    stop() {
      for (const each of [secure, plain]) {
        each.closeAllConnections();
        each.close();
      }
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const review: Review & ConversionReview = JSON.parse(Buffer.concat(chunks).toString());
  const { pathname } = new URL(request.url ?? '/', 'https://webhook');
  // Who manages which fields is seen by both servers alike, and depends on the second.
  for (const object of [review.request.object, review.request.oldObject]) delete object?.metadata?.managedFields;
  const answer = pathname.startsWith('/convert') ? converted(pathname.slice(1), review) : ANSWERS[pathname]?.(review);
  if (answer === undefined) return;
  if (typeof answer === 'number') {
    response.writeHead(answer, { 'content-type': 'text/plain' }).end('something broke');
    return;
  }
  const body =
    typeof answer === 'string'
      ? answer
      : JSON.stringify({ ...review, request: undefined, response: { uid: review.request.uid, ...answer } });
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}
