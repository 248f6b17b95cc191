import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { electronArguments, hasDisplay } from './lib/display.mjs';
import { ensureElectron } from './lib/electron-runtime.mjs';
import { main, root, run, say } from './lib/process.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';

await main(async () => {
  const args = process.argv.slice(2);
  await ensureDependencies();
  if (!hasDisplay()) {
    await ensureBuilt();
    say('there is no display here: serving the window to a browser instead');
    return run(process.execPath, ['dist/serve.cjs', ...args], { stdio: 'inherit' });
  }
  const electron = await ensureElectron();
  await ensureSystemPackages({ executable: electron.executable });
  await ensureBuilt();
  return run(electron.executable, [...(await electronArguments()), root, ...args], {
    env: electron.env,
    stdio: 'inherit',
  });
});
