/** The money of one order for the statement that reads it whole: events of its payments, refunds, disputes and sums. */
import type { PaymentEventType } from '../../domain/payment.ts';
import { REFUNDS, type RefundJson } from './refunds.ts';

/** An event of a payment. */
interface PaymentEventJson {
  payment_id: string;
  type: PaymentEventType;
  reference: string;
  amount_minor: number;
  source: string;
  provider_ref: string | null;
  code: string | null;
  at: string;
}

/** A dispute. */
interface DisputeJson {
  id: string;
  order_id: string;
  payment_id: string;
  amount_minor: number;
  currency: string;
  state: 'open' | 'won' | 'lost';
  reason: string | null;
  respond_by: string | null;
  opened_at: string;
  closed_at: string | null;
}

/** What the rows of the payments do not say. */
interface MoneySumsJson {
  /** Claimed by refunds and not done. */
  pendingMinor: number;
  /** Of refunds that were granted and have not failed. */
  grantedMinor: number;
  refundableMinor: number;
}

/** Money of an order as rows. */
export interface MoneyRows {
  payment_events: PaymentEventJson[];
  refunds: RefundJson[];
  disputes: DisputeJson[];
  money_sums: MoneySumsJson;
}

const PENDING = `select coalesce(sum(a.amount_minor), 0) from refund_attempts a where a.state not in ('failed', 'succeeded')`;

/** The columns of MoneyRows in a statement over `orders o`. */
export const MONEY_COLUMNS = `
  coalesce((select jsonb_agg(to_jsonb(r) order by r.id) from
    (select * from payment_events e where e.order_id = o.id order by e.id desc limit 1000) r), '[]') as payment_events,
  coalesce((select jsonb_agg(to_jsonb(r) order by r.seq) from
    (${REFUNDS} where r.order_id = o.id order by r.seq desc limit 200) r), '[]') as refunds,
  coalesce((select jsonb_agg(to_jsonb(r) order by r.opened_at, r.id) from disputes r where r.order_id = o.id), '[]') as disputes,
  jsonb_build_object(
    'pendingMinor', (${PENDING} and a.order_id = o.id),
    'grantedMinor', (select coalesce(sum(a.amount_minor), 0) from refund_attempts a join refunds r on r.id = a.refund_id
      where a.order_id = o.id and a.state <> 'failed' and r.state <> 'awaiting_approval'),
    'refundableMinor', (select coalesce(sum(greatest(0, p.captured_minor - p.refunded_minor - p.charged_back_minor
      - (${PENDING} and a.payment_id = p.id))), 0) from payments p where p.order_id = o.id)
  ) as money_sums`;
