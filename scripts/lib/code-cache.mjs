import { readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { constants, Script } from 'node:vm';

/**
 * Runs a program until it says that it is ready, then writes down what V8 has compiled of it by then: all that a start
 * takes. A process of its own: `node code-cache.mjs PROGRAM CACHE [ARGUMENT]…`, with the program's arguments.
 */
const [, , program, cache, ...args] = process.argv;
process.argv = [process.argv[0], program, ...args];
const script = new Script(Module.wrap(readFileSync(program, 'utf8')), {
  filename: program,
  importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
// What it prints is for nobody; its first line says that it is ready.
process.stdout.write = () => {
  writeFileSync(cache, script.createCachedData());
  process.exit(0);
};
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(program), module, program, dirname(program));
