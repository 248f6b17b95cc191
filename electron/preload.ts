import { ipcRenderer } from 'electron';
import { type BridgeMessage, isBridgeMessage } from '../shared/contract/wire';

/**
 * The bridge: passes ports from the main process to the page, and does nothing else. It runs in a world of its own; the
 * page gets no function from here, only messages of its own origin.
 */
window.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.source !== window || event.origin !== location.origin) return;
  if (isBridgeMessage(event.data) && event.data.porthole === 'ready') ipcRenderer.send('porthole:ready');
});

ipcRenderer.on('porthole:port', (event, message: BridgeMessage) => {
  window.postMessage(message, location.origin, [...event.ports]);
});
