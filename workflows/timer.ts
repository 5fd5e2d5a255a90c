/** One timer for all waits of an order: armed for the nearest deadline, again only when an earlier one appears or it fired. */
import { sleep } from '@temporalio/workflow';
import type { WaitView } from '../domain/lifecycle.ts';
import { waitLine } from '../domain/waits.ts';

/** Timers below this would fire late anyway and could spin. */
const SHORTEST_MILLIS = 10;
/** The database's clock may be behind: a deadline that has passed here is asked about again, but not at once. */
const PASSED_MILLIS = 250;

/** The order's only timer. It is never cancelled: one that fires for nothing costs less than one cancelled each time. */
export class DeadlineTimer {
  /** True since it fired, until the lane looked. */
  fired = false;
  private armedFor = Number.POSITIVE_INFINITY;

  /** Arms it for the end of a wait, unless it is armed for an earlier one. */
  arm(wait: WaitView): void {
    const at = Date.parse(wait.deadlineAt);
    if (at >= this.armedFor) return;
    this.armedFor = at;
    void this.run(at, waitLine(wait));
  }

  private async run(at: number, summary: string): Promise<void> {
    await sleep(at <= Date.now() ? PASSED_MILLIS : Math.max(at - Date.now(), SHORTEST_MILLIS), { summary });
    this.fired = true;
    if (this.armedFor === at) this.armedFor = Number.POSITIVE_INFINITY;
  }
}
