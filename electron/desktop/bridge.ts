import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import { appPortName, type BridgeMessage, Wire } from '../../shared/contract/wire';
import type { App } from '../app';
import { electronTransport } from '../clusters/parent';
import { isAppUrl } from './protocol';

/** The two channels between main process and preload script; `electron/preload.ts` has the other ends. */
const readyChannel = 'porthole:ready';
const portChannel = 'porthole:port';

/** Gives each page of the app its port, whenever one says that it listens: once for each load. */
export function servePages(app: App<MessagePortMain>): void {
  ipcMain.on(readyChannel, (event) => {
    const frame = event.senderFrame;
    // Only the app's own page, and not a frame in it.
    if (frame === null || frame !== event.sender.mainFrame || !isAppUrl(frame.url)) return;
    servePage(app, event.sender);
  });
}

function servePage(app: App<MessagePortMain>, contents: WebContents): void {
  const tell = (message: BridgeMessage, ports?: MessagePortMain[]) => {
    if (!contents.isDestroyed()) contents.postMessage(portChannel, message, ports);
  };
  const { port1, port2 } = new MessageChannelMain();
  const wire = new Wire(electronTransport(port1), (error) => {
    process.stderr.write(`page: ${error instanceof Error ? error.stack : String(error)}\n`);
  });
  app.serve(wire, {
    hand: (name, port) => tell({ porthole: 'port', name }, [port]),
    closed: (name) => tell({ porthole: 'closed', name }),
  });
  contents.once('destroyed', () => wire.close());
  tell({ porthole: 'port', name: appPortName }, [port2]);
}
