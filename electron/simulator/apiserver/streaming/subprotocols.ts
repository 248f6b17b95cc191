import type { IncomingHttpHeaders } from 'node:http';
import { KubeletRefusal } from './kubelet-refusal';

/**
 * What is spoken over the channels of a WebSocket to a kubelet, for processes; without a name it is as `channel.k8s.io`
 * (k8s.io/kubelet/pkg/cri/streaming/remotecommand/websocket.go).
 */
export const PROCESS_CHANNELS: readonly string[] = [
  '',
  'channel.k8s.io',
  'base64.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
];
/** And for ports (portforward/websocket.go). */
export const PORT_CHANNELS: readonly string[] = ['', 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io'];

/** The one that the API server speaks by itself, and translates for kubelets (k8s.io/apiserver/pkg/util/proxy/streamtranslator.go). */
export const CLOSABLE_CHANNELS = 'v5.channel.k8s.io';

/** What is spoken over SPDY about processes (k8s.io/apimachinery/pkg/util/remotecommand, `SupportedStreamingProtocols`). */
export const PROCESS_STREAMS: readonly string[] = [
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
];
/** And about ports (k8s.io/kubelet/pkg/cri/streaming/portforward/constants.go). */
export const PORT_STREAMS: readonly string[] = ['portforward.k8s.io'];

/** SPDY within the messages of a WebSocket, followed by what is spoken over SPDY (k8s.io/apimachinery/pkg/util/portforward). */
export const TUNNEL_PREFIX = 'SPDY/3.1+';
const TUNNEL_SUFFIX = '.k8s.io';

const STREAM_VERSION = 'X-Stream-Protocol-Version';

/** The subprotocols that a client offers for a WebSocket, in its order. */
export function offeredChannels(headers: IncomingHttpHeaders): string[] {
  const offered = headers['sec-websocket-protocol']?.trim() ?? '';
  return offered === '' ? [] : offered.split(',').map((each) => each.trim());
}

/**
 * The subprotocol that a WebSocket comes to: the first of the client's that is spoken (wsstream/conn.go, `handshake`).
 * @throws KubeletRefusal 403, as golang.org/x/net/websocket has it: without a word.
 */
export function agreedChannels(headers: IncomingHttpHeaders, spoken: readonly string[]): string {
  const offered = offeredChannels(headers);
  const agreed = (offered.length === 0 ? [''] : offered).find((each) => spoken.includes(each));
  if (agreed === undefined) throw new KubeletRefusal(403, '');
  return agreed;
}

/** What a client offers to speak over a SPDY that is tunneled. */
export function tunneledStreams(headers: IncomingHttpHeaders): string[] {
  return offeredChannels(headers)
    .filter((each) => each.startsWith(TUNNEL_PREFIX) && each.endsWith(TUNNEL_SUFFIX))
    .map((each) => each.slice(TUNNEL_PREFIX.length));
}

/**
 * What is spoken over SPDY: the first of the client's (k8s.io/apimachinery/pkg/util/httpstream, `Handshake`).
 * @throws KubeletRefusal 403 when it offers nothing that is spoken.
 */
export function agreedStreams(offered: readonly string[], spoken: readonly string[]): string {
  const agreed = offered.find((each) => spoken.includes(each));
  if (agreed !== undefined) return agreed;
  throw new KubeletRefusal(
    403,
    `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${spoken.join(' ')}]\n`,
    { 'X-Accepted-Stream-Protocol-Versions': spoken, 'X-Content-Type-Options': 'nosniff' },
  );
}

/** What a client offers to speak over SPDY. @throws KubeletRefusal 400 when that is nothing. */
export function offeredStreams(headers: IncomingHttpHeaders): string[] {
  // A header that is sent more than once comes as one.
  const header = [headers[STREAM_VERSION.toLowerCase()] ?? []].flat();
  const offered = header.flatMap((value) => value.split(',')).flatMap((value) => value.trim() || []);
  if (offered.length > 0) return offered;
  const why =
    header.length === 0
      ? `does not exist in request with ${countedHeaders(headers)} headers`
      : `contains [${header.join(' ')}], but no valid protocols`;
  throw new KubeletRefusal(400, `unable to upgrade: header ${STREAM_VERSION} ${why}\n`, {
    'X-Content-Type-Options': 'nosniff',
  });
}

/** How many headers are left when a request comes to the kubelet: who asks is said otherwise, and for whom it came is added. */
function countedHeaders(headers: IncomingHttpHeaders): number {
  const dropped = ['host', 'authorization', 'content-length', 'x-forwarded-for'];
  return Object.keys(headers).filter((name) => !dropped.includes(name)).length + 1;
}
