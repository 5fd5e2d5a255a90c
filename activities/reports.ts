/** The reports' housekeeping: what was counted with each change is added to its day. */
import { catchUpReports } from '../db/writes/reportCatchUp.ts';
import { foldReports } from '../db/writes/reportFold.ts';
import type { ActivityDeps } from './deps.ts';

/** The fold's activity. */
export function reportActivities(deps: ActivityDeps) {
  return {
    /** Counts what an older version left uncounted, and adds what was counted to its days; returns how many rows. Repeatable. */
    async foldReports(): Promise<{ folded: number }> {
      await catchUpReports(deps.pool);
      return { folded: await foldReports(deps.pool) };
    },
  };
}
