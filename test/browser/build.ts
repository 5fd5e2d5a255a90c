/** Before the browser tests: the console is built, unless what is there was built from the same sources. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../source.ts';

/** Builds; fails the run when it can't be built. */
export default function build(): void {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'console.mjs')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the console could not be built:\n${stderr}`);
}
