import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, temporaryFolder } from '../support/paths';

/** Files that break a rule of the house, and the rule that must catch each. */
const violations = [
  ['shared/kinds/reads-files.ts', "import 'node:fs';", 'noNodejsModules'],
  ['shared/kinds/asks-electron.ts', "import '../../electron/clusters/host';", 'noRestrictedImports'],
  ['shared/kinds/draws.ts', "import '../../renderer/app/shell';", 'noRestrictedImports'],
  ['shared/kinds/uses-react.ts', "import 'react';", 'noRestrictedImports'],
  ['shared/kinds/asks-process.ts', 'export const id = process.pid;', 'noRestrictedGlobals'],
  ['renderer/table/reads-files.ts', "import 'node:fs';", 'noNodejsModules'],
  ['renderer/table/asks-electron.ts', "import '../../electron/clusters/host';", 'noRestrictedImports'],
  ['renderer/table/has-electron.ts', "import 'electron';", 'noRestrictedImports'],
  ['renderer/table/has-client.ts', "import '@kubernetes/client-node';", 'noRestrictedImports'],
  ['electron/clusters/draws.ts', "import '../../renderer/app/shell';", 'noRestrictedImports'],
  ['electron/desktop/draws.ts', "import '../../renderer/app/shell';", 'noRestrictedImports'],
  ['electron/serve.ts', "import 'electron';", 'noRestrictedImports'],
  ['electron/clusters/has-electron.ts', "import 'electron';", 'noRestrictedImports'],
  ['electron/clusters/back-door.ts', "import '../simulator/client';", 'noRestrictedImports'],
  ['electron/clusters/catalog/back-door.ts', "import '../../simulator/client';", 'noRestrictedImports'],
  ['electron/labs/back-door.ts', "import '../simulator/client';", 'noRestrictedImports'],
  ['electron/simulator/controllers/back-door.ts', "import '../apiserver/server';", 'noRestrictedImports'],
  ['electron/simulator/controllers/job/back-door.ts', "import('../../apiserver/server');", 'noRestrictedImports'],
  ['electron/simulator/scheduler/back-door.ts', "import '../apiserver/storage/store';", 'noRestrictedImports'],
  ['electron/simulator/node/back-door.ts', "import '../apiserver/server';", 'noRestrictedImports'],
  ['electron/simulator/network/back-door.ts', "import '../apiserver/server';", 'noRestrictedImports'],
  ['electron/simulator/node/host-time.ts', 'export const now = Date.now();', 'plugin'],
  ['electron/simulator/node/host-timer.ts', 'setTimeout(console.error, 5);', 'plugin'],
  ['electron/simulator/node/host-chance.ts', 'export const chance = Math.random();', 'plugin'],
  ['electron/clusters/swallows.ts', 'try {\n  process.abort();\n} catch {}', 'plugin'],
] as const;

/** Neighbours of these that keep the rules. */
const allowed = [
  ['electron/main.ts', "import 'electron';"],
  ['electron/desktop/window.ts', "import 'electron';"],
  ['electron/simulator/controllers/client.ts', "import '../client';"],
  ['electron/simulator/presets/assembly.ts', "import '../apiserver/server';"],
  ['electron/simulator/clock.ts', 'export const now = Date.now();'],
  ['renderer/table/kinds.ts', "import '../../shared/kinds/index';"],
  ['electron/clusters/timers.ts', 'setTimeout(console.error, 5);'],
] as const;

interface Report {
  diagnostics: { category: string; location: { path: string | { file: string } } }[];
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** The rules that Biome found broken, by file. */
let found: Map<string, Set<string>>;

beforeAll(async () => {
  folder = await temporaryFolder('walls');
  for (const name of ['biome.json', 'package.json', 'scripts/lint']) {
    await cp(join(root, name), join(folder.path, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'), 'junction');
  for (const [file, code] of [...violations, ...allowed]) {
    await mkdir(dirname(join(folder.path, file)), { recursive: true });
    await writeFile(join(folder.path, file), `${code}\n`);
  }
  const program = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  // The temporary folder is no git repository.
  const args = [program, 'lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, args, { cwd: folder.path, maxBuffer: 16 << 20 }, (_error, stdout) => done(stdout));
  });
  const { diagnostics }: Report = JSON.parse(output);
  found = new Map();
  for (const { category, location } of diagnostics) {
    const path = typeof location.path === 'string' ? location.path : location.path.file;
    const file = path.replaceAll('\\', '/').replace(/^\.\//, '');
    found.set(file, (found.get(file) ?? new Set()).add(category.slice(category.lastIndexOf('/') + 1)));
  }
});

afterAll(() => folder.remove());

test.each(violations)('%s is caught: %s', (file, _code, rule) => {
  expect([...(found.get(file) ?? [])]).toContain(rule);
});

test.each(allowed)('%s is allowed: %s', (file) => {
  const walls = ['noNodejsModules', 'noRestrictedImports', 'noRestrictedGlobals', 'plugin'];
  expect([...(found.get(file) ?? [])].filter((rule) => walls.includes(rule))).toEqual([]);
});
