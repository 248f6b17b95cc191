import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureElectron } from './lib/electron-runtime.mjs';
import { main, run, SetupError, say } from './lib/process.mjs';

/**
 * Packs the app for this machine's system, unpacked, into release/. What is for people has the Electron of package.json
 * inside, or is not made. `--development` packs the Electron at hand instead, to try the packing where no other is in
 * reach; its result lies apart and is not for release.
 */
await main(async () => {
  const development = process.argv.includes('--development');
  await ensureDependencies();
  const electron = await ensureElectron({ allowFallback: development }).catch((error) => {
    if (!(error instanceof SetupError) || development) throw error;
    throw new SetupError(`${error.message}\nA build to try the packing with: npm run package -- --development`);
  });
  if (electron.fallback && !development) {
    throw new SetupError(
      'the fallback Electron is not for release: unset ELECTRON_OVERRIDE_DIST_PATH, or add --development',
    );
  }
  await ensureBuilt();
  const output = development ? 'release/development' : 'release';
  const code = await run(process.execPath, [
    fileURLToPath(import.meta.resolve('electron-builder/cli.js')),
    '--dir',
    '--publish=never',
    `--config.electronDist=${electron.dist}`,
    `--config.electronVersion=${electron.version}`,
    `--config.directories.output=${output}`,
  ]);
  if (code !== 0) throw new SetupError('electron-builder failed; the reason is above');
  say(
    development
      ? `a development build on Electron ${electron.version}, not for release: ${output}`
      : `packed: ${output}`,
  );
});
