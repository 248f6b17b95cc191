import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { hasCode } from './error-code';

/** A built file of the renderer, as an answer. */
export interface RendererFile {
  readonly body: Buffer<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

/**
 * What the page may load and run: its own files and nothing else. Styles may stand in the page, because dialogs lock
 * scrolling, the editor draws selections and charts place labels by style elements made at run time; scripts may not, and
 * no text becomes code.
 *
 * @param connect Where its ports lead, besides its own origin.
 */
function contentSecurityPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * The file at a URL's path. A path that is no file's is a page of the app, whose router knows it: it gets `index.html`.
 * Nothing outside of the folder is ever read.
 *
 * @returns nothing when a file (a path with an extension) is not there.
 */
export async function rendererFile(
  folder: string,
  pathname: string,
  connect: readonly string[] = [],
): Promise<RendererFile | undefined> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  const isPage = extname(decoded) === '';
  const path = isPage ? join(folder, 'index.html') : normalize(join(folder, decoded));
  if (!path.startsWith(folder + sep)) return undefined;
  const type = types[extname(path)];
  if (type === undefined) return undefined;
  try {
    return {
      body: await readFile(path),
      headers: {
        'Content-Type': type,
        'Content-Security-Policy': contentSecurityPolicy(connect),
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Resource-Policy': 'same-origin',
        'Cache-Control': 'no-store',
      },
    };
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EISDIR')) return undefined;
    throw error;
  }
}
