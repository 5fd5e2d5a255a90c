/**
 * Payments learn that they were paid out: the contents of every payout that has arrived are read from the gateway, once, and
 * what a payout that failed afterwards had paid out is taken back. Part of each run of the reconciliation.
 */
import {
  closePayout,
  countSettled,
  readPayoutsToSettle,
  readSettled,
  readUnsettled,
  settlePayment,
  unsettlePayment,
  type PayoutToSettle,
} from '../db/writes/settled.ts';
import type { ActivityDeps } from './deps.ts';

/** The run it belongs to, and how it says that it is alive. */
interface SettleRun {
  runId: string;
  /** True: it is counted and nothing is written. */
  dryRun: boolean;
  heartbeat(detail: string): void;
}

/** Reads and writes what is due, payout by payout. Throws OutcomeUnknown; what was written until then stands, the rest comes again. */
export async function settlePayouts(deps: ActivityDeps, run: SettleRun): Promise<void> {
  for (const payout of await readPayoutsToSettle(deps, deps.payment.id)) {
    if (payout.isLost) await takeBack(deps, run, payout);
    else await settle(deps, run, payout);
    if (!run.dryRun) await closePayout(deps, payout);
  }
}

async function takeBack(deps: ActivityDeps, run: SettleRun, { id }: PayoutToSettle): Promise<void> {
  if (run.dryRun) return;
  for (const payment of await readSettled(deps, id)) {
    await unsettlePayment(deps, payment, id);
    run.heartbeat(id);
  }
}

/** A payout that failed is part of a later one: what it had named is paid out with that. */
async function settle(deps: ActivityDeps, run: SettleRun, { id: payoutId }: PayoutToSettle): Promise<void> {
  const provider = deps.payment.id;
  const seen = new Set([payoutId]);
  for (const readId of seen) {
    let cursor: string | undefined;
    do {
      const page = await deps.payment.listSettled({
        payoutId: readId,
        ...(cursor !== undefined && { cursor }),
      });
      const ours = await readUnsettled(deps, { provider, payoutId, refs: page.payments });
      for (const payment of run.dryRun ? [] : ours) await settlePayment(deps, payment, payoutId);
      await countSettled(deps, run.runId, ours.length);
      for (const earlier of page.earlierPayouts) seen.add(earlier);
      cursor = page.cursor;
      run.heartbeat(readId);
    } while (cursor !== undefined);
  }
}
