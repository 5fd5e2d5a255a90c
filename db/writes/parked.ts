/** Facts that came before what they speak of was known: taken by the order as soon as it knows the match. */
import { takeMessages } from './facts.ts';
import { adoptParked } from './messages.ts';
import type { OrderWork } from './order.ts';

/** Gives the order what was parked under `match` (a tracking code, a payment reference) and applies it. */
export async function takeParked(work: OrderWork, match: string): Promise<void> {
  if ((await adoptParked(work.tx, { orderId: work.order.id, match })) === 0) return;
  work.changed = true;
  await work.reload();
  await takeMessages(work);
}
