/** What is known of an order's money and units when a refund is planned: the facts of domain/refund.ts, in one query. */
import type { RefundFacts } from '../../domain/refund.ts';
import type { Tx } from '../connect.ts';

/**
 * A refund counts as long as one of its movements has not failed: declined, withdrawn and wholly failed ones don't. What
 * was moved outside Holdfast stands in `refunded_minor` alone, what is under way in the movements alone.
 */
const FACTS = `
with counted as (
  select * from refunds r where r.order_id = $1
    and exists (select from refund_attempts a where a.refund_id = r.id and a.state <> 'failed')
), units as (
  select (l->>'lineNo')::int as line_no, sum((l->>'units')::int)::int as units, sum((l->>'totalMinor')::bigint) as total_minor
  from counted, jsonb_array_elements(counted.lines) l group by 1
)
select o.currency, o.total_minor as "totalMinor",
  o.total_minor - coalesce((select sum(total_minor) from order_lines l where l.order_id = o.id), 0)::bigint as "shippingPaidMinor",
  coalesce((select sum(shipping_minor) from counted), 0)::bigint as "shippingRefundedMinor",
  (coalesce((select sum(shipping_minor) from counted), 0) + coalesce((select sum(total_minor) from units), 0))::bigint as "exactBeforeMinor",
  coalesce((select json_agg(json_build_object(
      'lineNo', l.line_no, 'quantity', l.quantity, 'shipped', l.shipped, 'cancelled', l.cancelled,
      'totalMinor', l.total_minor, 'taxMinor', l.tax_minor,
      'refundedUnits', coalesce((select units from units u where u.line_no = l.line_no), 0)
    ) order by l.line_no) from order_lines l where l.order_id = o.id), '[]') as lines,
  coalesce((select json_agg(json_build_object(
      'id', p.id, 'method', p.method, 'state', p.state, 'capturedMinor', p.captured_minor, 'refundedMinor', p.refunded_minor,
      'chargedBackMinor', p.charged_back_minor,
      'refundClaimedMinor', coalesce((select sum(a.amount_minor) from refund_attempts a
        where a.payment_id = p.id and a.state not in ('failed', 'succeeded')), 0)
    ) order by p.created_at, p.id) from payments p where p.order_id = o.id), '[]') as payments
from orders o where o.id = $1`;

/** The facts; undefined when there is no such order. Under the order's lock they hold until its end, else only for a preview. */
export async function readRefundFacts(
  on: Pick<Tx, 'query'>,
  orderId: string,
): Promise<RefundFacts | undefined> {
  const { rows } = await on.query<RefundFacts>({ name: 'refund_facts', text: FACTS, values: [orderId] });
  return rows[0];
}
