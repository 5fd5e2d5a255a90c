/** Card payments with everything that can become of them, on orders that exist: what the report of payments is judged by. */
import type { Db } from '../../db/connect.ts';
import { openPayment, recordMoney, type MoneyEvent } from '../../db/writes/money.ts';
import { withOrder } from '../../db/writes/order.ts';
import { paymentId } from '../../domain/payment.ts';
import type { Random } from '../../domain/random.ts';

/** Cards beside what the channel was paid: for each parcel one attempt or more, and whatever can become of the money. */
export async function chargeCards(db: Pick<Db, 'pool'>, orderId: string, random: Random): Promise<void> {
  const hours = () => new Date(Date.now() + random.whole(-72, 24) * 3_600_000).toISOString();
  await withOrder(db.pool, orderId, async (work) => {
    for (const share of work.view.shares) {
      const attempts = random.whole(1, 3);
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const id = paymentId(orderId, { shareSeq: share.seq, attempt });
        const amountMinor = random.whole(0, 9) * 1_000;
        await openPayment(work, {
          ...{ id, shareId: share.id, attempt, method: 'card', provider: 'stripe', providerRef: null },
          ...{ state: 'created', amountMinor, events: [] },
        });
        for (const event of cardStory(random, amountMinor))
          await recordMoney(work, { paymentId: id, events: [{ ...event, at: hours() }] });
      }
    }
  });
}

function cardStory(random: Random, amountMinor: number): MoneyEvent[] {
  const [one, part] = [amountMinor, Math.floor(amountMinor / 3)];
  const event = (type: MoneyEvent['type'], amount = one): MoneyEvent => ({
    ...{ type, reference: type, amountMinor: amount },
    source: random.pick(['operation', 'gateway', 'before'] as const),
  });
  const code = random.pick(['insufficient_funds', 'do_not_honor', 'expired_card'] as const);
  if (random.chance(0.3)) return [{ ...event('authorization_failure'), code }];
  if (random.chance(0.1)) return [event('authorization_failure')];
  const granted = [event('authorization_request'), event('authorization_success')];
  if (random.chance(0.3)) return [...granted, event('cancel_success')];
  const taken = [...granted, event('charge_success'), event('refund_success', part)];
  if (random.chance(0.5)) taken.push(event('refund_reverse', part));
  if (random.chance(0.6)) return taken;
  const disputed = [...taken, event('charge_back', part)];
  return random.chance(0.5) ? [...disputed, event('charge_back_reverse', part)] : disputed;
}
