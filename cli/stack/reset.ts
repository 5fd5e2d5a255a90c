/** `npm run reset`: clears the data folder of the local stack. Refuses while a stack runs on it. */
import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { DATA_FOLDER } from './files.ts';
import { StackRunning, takeLock } from './lock.ts';
import { postgresElsewhere } from './postgresAccount.ts';

process.exitCode = reset(resolve(process.argv[2] ?? DATA_FOLDER));

/** Removes the folder and what belongs to it elsewhere; returns the exit code. */
function reset(dataDir: string): number {
  if (!existsSync(dataDir)) {
    console.error(`${dataDir} is not there: nothing to reset.`);
    return 0;
  }
  try {
    // The lock stands in the folder and goes with it.
    takeLock(dataDir);
  } catch (error) {
    if (!(error instanceof StackRunning)) throw error;
    console.error(error.message);
    return 1;
  }
  const elsewhere = postgresElsewhere(dataDir);
  if (elsewhere) rmSync(elsewhere, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
  console.error(
    `${dataDir} cleared: orders, Temporal's state, keys and secrets are gone. Start anew: npm start`,
  );
  return 0;
}
