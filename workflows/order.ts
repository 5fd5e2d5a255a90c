/**
 * The story of one order.
 *
 * It is placed, and our database holds it. Stock is allocated; each warehouse's share is authorized on the card; after
 * the release delay each share goes to its warehouse; when it is packed its parcel is booked and its amount captured;
 * the parcel travels and is delivered; when all are, the order is completed. A cancel before release turns it round:
 * what was authorized is given back, the stock is freed. Anything that fails becomes a wait with a deadline or a case
 * with an owner, never a dead order. Which step is due is decided in domain/lifecycle.ts; each step is in steps/.
 *
 * Starting this workflow again is always safe: it loads where the order stands and does what is due.
 *
 * Live patches: none.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  workflowInfo,
} from '@temporalio/workflow';
import type { OrderInput, OrderResult } from './contract.ts';
import { Lane } from './lane.ts';

/** One order's life, from wherever it stands to its end. */
export async function order(input: OrderInput): Promise<OrderResult> {
  const lane = new Lane(input.orderId);
  lane.watchForCancel(CancellationScope.current());
  return CancellationScope.nonCancellable(async () => {
    do {
      await lane.takeNews();
      if (!workflowInfo().continueAsNewSuggested) lane.startDueSteps();
      lane.show();
      await condition(() => lane.hasNews() || lane.isOver() || mustMoveOn(lane));
      // A handler may itself wait for news that only the next round takes in: news ends this wait too.
      if (!lane.hasNews()) await condition(() => allHandlersFinished() || lane.hasNews());
      if (mustMoveOn(lane)) return continueAsNew<typeof order>({ orderId: input.orderId });
    } while (lane.hasNews() || !lane.isOver() || !allHandlersFinished());
    return { orderId: input.orderId, lifecycle: lane.lifecycle };
  });
}

/** The history has grown long and nothing is under way: carry on in a fresh one. Nothing is carried over. */
function mustMoveOn(lane: Lane): boolean {
  return workflowInfo().continueAsNewSuggested && lane.isIdle() && !lane.hasNews() && !lane.isOver();
}
