import { File } from 'node:buffer';

// client-node's HTTP library names `File` while it loads, which is not a global in Node 18 (Electron 25) yet.
if (!('File' in globalThis)) Object.defineProperty(globalThis, 'File', { value: File });
