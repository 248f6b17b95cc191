import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';
import { messageOf } from '../shared/error-message';
import { App } from './app';
import { defaultKubeconfigFiles } from './clusters/catalog/catalog';
import { servePages } from './desktop/bridge';
import { setMenu } from './desktop/menu';
import { registerAppScheme, serveAppScheme } from './desktop/protocol';
import { refuseWhatNobodyNeeds } from './desktop/security';
import { UtilityHost } from './desktop/utility-host';
import { openWindow } from './desktop/window';
import { type CommandLine, readCommandLine } from './options';
import { simulatorOptions } from './simulator-options';

/** The runtime that stands in where Electron's own download was out of reach; see README. */
const fallbackVersion = '25.1.1';

const commandLine = commandLineOrEnd();
if (commandLine.userDataDir !== undefined) app.setPath('userData', commandLine.userDataDir);

if (app.requestSingleInstanceLock()) {
  registerAppScheme();
  app.on('second-instance', () => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.whenReady().then(start).catch(end);
} else {
  app.quit();
}

function commandLineOrEnd(): CommandLine {
  try {
    return readCommandLine(process.argv.slice(1));
  } catch (error) {
    return end(error);
  }
}

/** Says why and ends, instead of the box that Electron shows for an error nobody caught. */
function end(error: unknown): never {
  process.stderr.write(`Porthole cannot start: ${messageOf(error)}\n`);
  process.exit(1);
}

function start(): void {
  const version = process.versions.electron;
  const fallbackRuntime = version === fallbackVersion;
  process.stderr.write(
    `Porthole ${app.getVersion()} on Electron ${version}${fallbackRuntime ? ' (fallback runtime)' : ''}\n`,
  );
  const userData = app.getPath('userData');
  const porthole = new App({
    info: { version: app.getVersion(), runtime: `Electron ${version}`, fallbackRuntime, platform: process.platform },
    host: new UtilityHost(__dirname),
    kubeconfigs: defaultKubeconfigFiles(process.env),
    ...simulatorOptions(commandLine, userData),
  });
  refuseWhatNobodyNeeds();
  serveAppScheme(join(__dirname, 'renderer'));
  servePages(porthole);
  setMenu(!app.isPackaged);
  const open = () => openWindow({ folder: __dirname, stateFile: join(userData, 'window.json') });
  open();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void porthole.close().finally(() => {
      closed = true;
      // Not within this very event, which Electron would take for the one it has just been told to forget.
      setImmediate(() => app.quit());
    });
  });
}
