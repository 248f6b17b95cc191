import { protocol } from 'electron';
import { rendererFile } from '../renderer-files';

const scheme = 'porthole-app';

/** The one origin that the app's own pages have. */
export const appOrigin = `${scheme}://app`;

/** Makes the scheme a proper origin: secure, with storage, closed to others. Before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built renderer under the app's origin. */
export function serveAppScheme(folder: string): void {
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'app' || request.method !== 'GET') return new Response(null, { status: 403 });
    const file = await rendererFile(folder, url.pathname);
    return file === undefined
      ? new Response(null, { status: 404 })
      : new Response(file.body, { headers: file.headers });
  });
}

/** Whether a URL is one of the app's own pages. */
export function isAppUrl(text: string): boolean {
  return text === appOrigin || text.startsWith(`${appOrigin}/`);
}
