/** What a payment page needs to know of its order: the view and the tenders; the shop's name; nothing of persons or goods. */
import type { OrderView } from '../../domain/lifecycle.ts';
import type { PayFacts } from '../../domain/payState.ts';
import { countedMinor } from '../../domain/remainder.ts';
import { stillToCome } from '../../domain/receipt.ts';
import { storedTenders } from '../../domain/tender.ts';
import type { Db } from '../connect.ts';
import { loadSnapshot } from './snapshot.ts';
import { viewOf } from './view.ts';

/** An order as its payment page needs it. */
export interface PayOrder {
  view: OrderView;
  facts: PayFacts;
  /** The channel's name. */
  shop: string;
}

interface Around {
  shop: string;
  pending: boolean;
  refusals: Record<string, string>;
}

const AROUND = `
select c.name as shop,
  exists (select 1 from messages m where m.order_id = o.id and m.kind = 'command.change_payment' and m.applied_at is null) as pending,
  coalesce((select jsonb_object_agg(p.id, p.failure_code) from payments p where p.order_id = o.id and p.failure_code is not null), '{}') as refusals
from orders o join channels c on c.id = o.channel where o.id = $1`;

/** Reads the order; undefined when there is none. */
export async function readPayOrder(db: Pick<Db, 'pool'>, orderId: string): Promise<PayOrder | undefined> {
  // Before the snapshot: what is not pending any more by then is seen there.
  const { rows } = await db.pool.query<Around>({ name: 'pay_around', text: AROUND, values: [orderId] });
  const [around] = rows;
  const snapshot = around && (await loadSnapshot(db.pool, orderId));
  if (!around || !snapshot) return undefined;
  const awaited = stillToCome(snapshot.order, snapshot.payments);
  return {
    view: viewOf(snapshot),
    shop: around.shop,
    facts: {
      tenders: storedTenders(snapshot.order),
      isChangePending: around.pending,
      takenMinor: Object.fromEntries(snapshot.payments.map((one) => [one.id, countedMinor(one)])),
      ...(awaited && { awaited }),
      refusals: around.refusals,
    },
  };
}
