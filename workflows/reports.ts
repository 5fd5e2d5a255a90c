/** The fold of the reports, started by a Schedule every few seconds. */
import { folding } from './proxies.ts';

/** Adds what was counted since the last time to its days. Returns how many rows. */
export async function foldReports(): Promise<{ folded: number }> {
  return folding.foldReports();
}
