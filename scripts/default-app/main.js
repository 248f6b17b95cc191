// What `electron PATH` runs when PATH is not a packaged app: Electron's own default app, as far as Porthole needs it.
// It becomes resources/default_app.asar of the fallback runtime, which comes without one.
const { app } = require('electron');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const preloads = [];
let target;
const args = process.argv.slice(1);
for (let index = 0; index < args.length; index++) {
  const arg = args[index];
  if (arg === '-v' || arg === '--version') {
    console.log(`v${process.versions.electron}`);
    process.exit(0);
  } else if (arg === '-r' || arg === '--require') {
    preloads.push(args[++index]);
  } else if (!arg.startsWith('-')) {
    target = path.resolve(arg);
    break;
  }
}
if (target === undefined) {
  console.error('usage: electron [-r FILE] PATH');
  process.exit(1);
}

process.defaultApp = true;
for (const file of preloads) require(path.resolve(file));
if (fs.statSync(target).isDirectory()) {
  const manifest = JSON.parse(fs.readFileSync(path.join(target, 'package.json'), 'utf8'));
  app.setName(manifest.productName ?? manifest.name);
  if (manifest.version !== undefined) app.setVersion(manifest.version);
  app.setAppPath(target);
}
Module._load(Module._resolveFilename(target, null, true), null, true);
