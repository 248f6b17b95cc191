import { connect as connectTcp } from 'node:net';
import { createInterface } from 'node:readline';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterCertificates } from '../../../../../electron/simulator/certificates';
import { configMaps } from '../../../../../shared/kubernetes/resources';
import { type TestApiServer, testApiServer } from '../../../../support/api-server';

/** Connections as no well-behaved client has them; the answers are those of a kube-apiserver v1.35.4 to the same bytes. */

let api: TestApiServer;
let port: number;
let ca: string;
const open = new Set<TLSSocket>();

beforeEach(async () => {
  const certificates = await clusterCertificates(undefined);
  ca = certificates.ca.certificate;
  api = testApiServer();
  const { key, certificate: cert } = certificates.server;
  ({ port } = await api.server.listen({ port: 0, host: '127.0.0.1', tls: { key, cert, ca } }));
});

afterEach(async () => {
  for (const socket of open) socket.destroy();
  open.clear();
  await api.server.close();
});

function secured(): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ca, servername: 'localhost' }, () => resolve(socket));
    socket.on('error', reject);
    open.add(socket);
  });
}

/** All that comes until the server ends the connection. */
function toEnd(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
  });
}

async function say(text: string): Promise<string> {
  const socket = await secured();
  const answer = toEnd(socket);
  socket.write(text);
  return answer;
}

const get = (path: string, headers = '') =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Connection: close\r\n\r\n`;

describe('what is no request', () => {
  const plain = (line: string) =>
    `HTTP/1.1 ${line}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${line}`;

  it.each([
    ['words', 'hello\r\n\r\n', '400 Bad Request'],
    ['a line without a path', 'GET  HTTP/1.1\r\nHost: x\r\n\r\n', '400 Bad Request'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nodd header\r\n\r\n', '400 Bad Request'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      '400 Bad Request',
    ],
    ['a length below zero', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}', '400 Bad Request'],
    [
      'another protocol',
      'GET / HTTP/3.7\r\nHost: x\r\n\r\n',
      '505 HTTP Version Not Supported: unsupported protocol version',
    ],
    ['too long headers', get('/', `A: ${'x'.repeat(2 ** 21)}\r\n`), '431 Request Header Fields Too Large'],
  ])('is refused: %s', async (_, text, line) => {
    expect(await say(text)).toBe(plain(line));
  });

  it.each([
    ['no host', 'GET /version HTTP/1.1\r\n\r\n', '400 Bad Request: missing required Host header'],
    ['two hosts', 'GET /version HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', '400 Bad Request'],
    ['a host of two words', 'GET /version HTTP/1.1\r\nHost: a b\r\n\r\n', '400 Bad Request: malformed Host header'],
  ])('is refused: %s', async (_, text, line) => {
    const answer = await say(text);
    expect(answer).toMatch(`HTTP/1.1 ${line}\r\n`);
    expect(answer.endsWith(`\r\n\r\n${line}`)).toBe(true);
  });
});

it('tells who speaks HTTP that HTTPS is spoken here', async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const plain = connectTcp({ port, host: '127.0.0.1' }, () => plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    plain.on('data', (chunk) => {
      text += chunk;
    });
    plain.on('close', () => resolve(text)).on('error', reject);
  });
  expect(answer).toBe('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
});

describe('requests', () => {
  it('may have long headers, many of them, and long queries', async () => {
    expect(await say(get('/version', `A: ${'x'.repeat(900_000)}\r\n`))).toMatch('HTTP/1.1 200 OK');
    expect(await say(get(`/version?${'x'.repeat(20_000)}`))).toMatch('HTTP/1.1 200 OK');
    // The last of many counts as the first does.
    const many = get('/version', `${'A: b\r\n'.repeat(3_000)}Audit-Id: the-last\r\n`);
    expect((await say(many)).toLowerCase()).toMatch('audit-id: the-last');
  });

  it('may name the host in their first line', async () => {
    expect(await say(get('https://example.com/version'))).toMatch('HTTP/1.1 200 OK');
  });

  it('may come before the answer to the last', async () => {
    const answers = await say(
      `GET /version HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code)).toEqual(['200', '404']);
  });

  it('may ask to go on in a protocol that nobody speaks there, as if they had not', async () => {
    const object = JSON.stringify({ metadata: { name: 'a' }, data: { text: 'x'.repeat(900_000) } });
    const headers = (protocol: string) => `Host: x\r\nConnection: Upgrade, close\r\nUpgrade: ${protocol}\r\n`;
    const path = '/api/v1/namespaces/default/configmaps';
    const length = `Content-Length: ${object.length}\r\n`;
    const created = await say(`POST ${path} HTTP/1.1\r\n${headers('websocket')}${length}\r\n${object}`);
    expect(created).toMatch('HTTP/1.1 201 Created');
    const listed = await say(`GET ${path} HTTP/1.1\r\n${headers('h2c')}\r\n`);
    expect(listed).toMatch('HTTP/1.1 200 OK');
    expect(listed.length).toBeGreaterThan(900_000);
  });

  it('are answered to who has stopped to send', async () => {
    const socket = await secured();
    const answer = toEnd(socket);
    socket.end(get('/version'));
    expect(await answer).toMatch('HTTP/1.1 200 OK');
  });
});

describe('connections', () => {
  it('that say nothing, half a request or no TLS keep nobody from being answered', async () => {
    const idle = await Promise.all(Array.from({ length: 100 }, secured));
    for (const [index, socket] of idle.entries()) {
      if (index % 2 === 0) socket.write('POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{');
    }
    await new Promise<void>((resolve) => {
      const noise = connectTcp({ port, host: '127.0.0.1' }, () => noise.write('GET / HTTP/1.1\r\n\r\n'));
      noise
        .on('error', () => {})
        .on('close', () => resolve())
        .resume();
    });
    expect(await say(get('/version'))).toMatch('HTTP/1.1 200 OK');
  }, 60_000);

  it('may hang up amid a long answer, which others get in full', async () => {
    const { client } = api;
    const data = { text: 'x'.repeat(20_000) };
    for (let index = 0; index < 300; index++) {
      await client.create(configMaps, { metadata: { name: `a-${index}`, namespace: 'default' }, data });
    }
    const rude = await secured();
    rude.write(get('/api/v1/configmaps'));
    await new Promise((resolve) => rude.once('data', resolve));
    rude.destroy();
    const answer = await say(get('/api/v1/configmaps'));
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    expect(answer.toLowerCase()).toMatch(`content-length: ${body.length}\r\n`);
    expect(JSON.parse(body).items).toHaveLength(300);
  }, 60_000);

  it('of a watch that is not read are cut off, and nobody else hears of it', async () => {
    const count = 24_000;
    const watch = 'GET /api/v1/configmaps?watch=true HTTP/1.1\r\nHost: x\r\n\r\n';
    const [slow, quick] = await Promise.all([secured(), secured()]);
    const begun = Promise.all([slow, quick].map((socket) => new Promise((resolve) => socket.once('data', resolve))));
    slow.write(watch);
    quick.write(watch);
    await begun;
    slow.pause();
    const told = new Promise<number>((resolve) => {
      let heard = 0;
      createInterface(quick).on('line', (line) => {
        if (line.includes('"type":"MODIFIED"')) heard++;
        if (line.includes('the-last')) resolve(heard);
      });
    });
    const { client } = api;
    const metadata = { name: 'a', namespace: 'default' };
    const data = { text: 'x'.repeat(1_000) };
    await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    for (let turn = 1; turn <= count; turn++) {
      const patch = { data: { turn: turn === count ? 'the-last' : String(turn) } };
      await client.patch(configMaps, 'default', 'a', 'merge', patch);
    }
    expect(await told).toBe(count);
    // What it reads now is what was on the way; the rest has been given up.
    const rest = (await toEnd(slow.resume())).split('"type":"MODIFIED"').length;
    expect(rest).toBeLessThan(count / 2);
  }, 60_000);
});
