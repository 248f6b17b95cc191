import { execFileSync } from 'node:child_process';

/** Vitest's global setup: the programs in dist/ are those of this tree. */
export default function build(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
