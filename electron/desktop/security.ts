import { app, session, shell } from 'electron';
import { isDocumentation } from './links';
import { isAppUrl } from './protocol';

/**
 * Refuses what a page of this app never needs: other pages, windows, frames, permissions, downloads. A page that a fault
 * made hostile finds nothing here.
 */
export function refuseWhatNobodyNeeds(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === 'clipboard-sanitized-write'),
  );
  defaultSession.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.on('will-download', (event) => event.preventDefault());
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !isAppUrl(event.url)) event.preventDefault();
    });
    contents.on('will-navigate', (event, url) => {
      if (!isAppUrl(url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      // Asked for by a person's click: Chromium blocks windows that nobody asked for.
      if (isDocumentation(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
}
