import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';

/**
 * Programs that run under Node or in Electron's main process: one self-contained CommonJS file each, as Electron 25 has no
 * ES module main. So `__dirname` is dist/ in all of them.
 */
const programs: Record<string, string> = {
  main: 'electron/main.ts',
  serve: 'electron/serve.ts',
  simulate: 'electron/simulate.ts',
  'simulate-program': 'electron/simulate-program.ts',
  connection: 'electron/clusters/connection/process.ts',
  preload: 'electron/preload.ts',
};

/** Not in the bundles: Electron itself, Node's own modules, and what loads native code. */
const external = ['electron', 'lmdb', /\.node$/, /^node:/, ...builtinModules];

/** Thousands of generated classes, of which we name a few; their package does not say that loading them does nothing. */
const unusedUnlessNamed = /client-node\/dist\/(index|api|gen\/)/;

/** One mode a bundle: `renderer`, or a program's name. scripts/lib/build.mjs builds them all. */
export default defineConfig(({ mode }): UserConfig => {
  const program = programs[mode];
  return program === undefined ? renderer() : node(mode, program);
});

function renderer(): UserConfig {
  return {
    root: 'renderer',
    base: './',
    plugins: [react(), tailwindcss()],
    build: { target: 'chrome114', outDir: '../dist/renderer', emptyOutDir: true, chunkSizeWarningLimit: 2000 },
  };
}

function node(name: string, entry: string): UserConfig {
  return {
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL(entry, import.meta.url)),
      target: 'node18',
      outDir: 'dist',
      emptyOutDir: false,
      copyPublicDir: false,
      minify: false,
      rolldownOptions: {
        external,
        treeshake: { moduleSideEffects: (id) => !unusedUnlessNamed.test(id) },
        output: { format: 'cjs', entryFileNames: `${name}.cjs`, codeSplitting: false },
      },
    },
  };
}
