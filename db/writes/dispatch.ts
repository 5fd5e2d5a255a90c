/** Whether booked parcels may be handed to their carrier: taken back while the charge is disputed, given again afterwards. */
import { mayLeave } from '../../domain/captureMoment.ts';
import type { OrderWork } from './order.ts';

/** Causes that keep goods at the dock until a person has closed the case. */
const HOLDING: readonly string[] = ['dispute_open', 'amount_mismatch'];

/** True when closing a case of this cause may let goods go on. */
export function isHolding(code: string): boolean {
  return HOLDING.includes(code);
}

/** True while something else than money that is still to be taken keeps the goods of the order at the dock. */
export function isHeld(work: OrderWork): boolean {
  return work.order.isDisputed || work.snapshot.cases.some((open) => isHolding(open.code));
}

/** Nothing that has not left yet may leave. */
export async function holdParcels(work: OrderWork): Promise<void> {
  const { rowCount } = await work.tx.query(
    `update shipments set dispatch_at = null where order_id = $1 and state = 'booked' and dispatch_at is not null`,
    [work.order.id],
  );
  if (rowCount) work.changed = true;
}

/**
 * Writes whether the order is disputed (a dispute is open, or was lost and nobody has closed its case) and lets booked
 * parcels go whose money is settled, unless something still holds them.
 */
export async function freeParcels(work: OrderWork): Promise<void> {
  await work.tx.query(
    `update orders set disputed = exists (select from disputes d where d.order_id = $1 and d.state = 'open')
       or exists (select from cases c where c.order_id = $1 and c.code = 'dispute_open' and c.resolved_at is null)
     where id = $1`,
    [work.order.id],
  );
  await work.reload();
  if (isHeld(work)) return;
  const { view } = work;
  const free = view.shares
    .filter((share) => share.shipment?.state === 'booked' && mayLeave(view, share))
    .map((share) => share.shipment?.id);
  const { rowCount } = await work.tx.query(
    'update shipments set dispatch_at = now() where order_id = $1 and id = any ($2) and dispatch_at is null',
    [work.order.id, free],
  );
  if (rowCount) work.changed = true;
}
