import { join } from 'node:path';
import { BrowserWindow, nativeTheme } from 'electron';
import { appOrigin } from './protocol';
import { keepWindowState, readWindowState } from './window-state';

/** The renderer's own background, so that nothing flashes before its first picture. */
const background = { dark: '#0d1117', light: '#ffffff' };

export interface WindowOptions {
  /** Where the built programs are: the preload script among them. */
  readonly folder: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
}

/** Opens the app's window: sandboxed, isolated, without Node, on the app's own origin. */
export function openWindow({ folder, stateFile }: WindowOptions): BrowserWindow {
  const { bounds, maximized } = readWindowState(stateFile);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Porthole',
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: join(folder, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  keepWindowState(window, stateFile);
  void window.loadURL(`${appOrigin}/`);
  return window;
}
