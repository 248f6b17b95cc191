import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { beforeEach, expect, test } from 'vitest';
import { Access } from '../../../electron/web/access';

const port = 4321;
let access: Access;
let cookie: string;
let entrance: string;

beforeEach(() => {
  access = new Access(port);
  const url = new URL(access.url);
  entrance = url.pathname + url.search;
  cookie = access.cookie.slice(0, access.cookie.indexOf(';'));
});

function request(url: string, headers: IncomingHttpHeaders = {}): IncomingMessage {
  return { url, headers: { host: `127.0.0.1:${port}`, ...headers } } as IncomingMessage;
}

const origin = `http://127.0.0.1:${port}`;

test('the token lets in once', () => {
  expect(access.judge(request(entrance))).toBe('enter');
  expect(access.judge(request(entrance))).toBe('refused');
  expect(() => access.url).toThrow();
});

test('the cookie counts from then on, for pages, files and sockets', () => {
  expect(access.judge(request('/', { cookie }))).toBe('allowed');
  expect(access.judge(request('/assets/a.js', { cookie: `other=1; ${cookie}`, 'sec-fetch-site': 'same-origin' }))).toBe(
    'allowed',
  );
  expect(access.judgeSocket(request('/port/app', { cookie, origin }))).toBe(true);
});

test('the cookie is for this server alone, and out of reach of scripts and other sites', () => {
  expect(access.cookie).toMatch(/^porthole-4321=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
});

test.each([
  ['without a cookie', {}],
  ['with a wrong one', { cookie: 'porthole-4321=abc' }],
])('nobody gets anything %s', (_title, headers) => {
  expect(access.judge(request('/', headers))).toBe('refused');
  expect(access.judge(request('/?token=abc', headers))).toBe('refused');
  expect(access.judgeSocket(request('/port/app', { ...headers, origin }))).toBe(false);
});

test.each([
  ['another host name', { host: `evil.example:${port}` }],
  ['another port', { host: '127.0.0.1:80' }],
  ['no host', { host: undefined }],
  ['another origin', { origin: 'http://evil.example' }],
  ['an opaque origin', { origin: 'null' }],
])('a request with %s is refused, token and cookie or not', (_title, headers) => {
  expect(access.judge(request(entrance, headers))).toBe('refused');
  expect(access.judge(request('/', { cookie, ...headers }))).toBe('refused');
  expect(access.judgeSocket(request('/port/app', { cookie, origin, ...headers }))).toBe(false);
});

test('a socket needs an origin', () => {
  expect(access.judgeSocket(request('/port/app', { cookie }))).toBe(false);
});

test("another site's page cannot load our files", () => {
  expect(access.judge(request('/assets/a.js', { cookie, 'sec-fetch-site': 'cross-site' }))).toBe('refused');
  expect(access.judge(request('/assets/a.js', { cookie, 'sec-fetch-site': 'same-site' }))).toBe('refused');
});
