import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';
import { hasCode } from './error-code';

/**
 * Starts `simulate-program.cjs` with what V8 has compiled of it when it was built (scripts/lib/code-cache.mjs): compiling is
 * a quarter of the time that a start takes. V8 takes no other version's or other flags' code, and compiles anew then.
 */
function start(): void {
  const program = join(__dirname, 'simulate-program.cjs');
  const load = createRequire(program);
  const cachedData = readIfThere(join(__dirname, 'simulate-program.cache'));
  // Electron has another V8 than the Node that builds; and Node before 20.12 cannot give such code its imports.
  const importModuleDynamically = constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  if (cachedData === undefined || process.versions.electron !== undefined || importModuleDynamically === undefined) {
    load(program);
    return;
  }
  const source = Module.wrap(readFileSync(program, 'utf8'));
  const script = new Script(source, { filename: program, cachedData, importModuleDynamically });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, load, module, program, dirname(program));
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

start();
