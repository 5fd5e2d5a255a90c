/** Carrier scans: all are stored, only a step forward moves the parcel, whatever the order they arrive in. */
import { afterScan, hasLeft, type Scan, type ShipmentState } from '../../domain/shipment.ts';
import type { FailureCode } from '../../domain/failures.ts';
import { openCase, resolveCases } from './cases.ts';
import type { MessageOutcome } from './facts.ts';
import type { OrderWork } from './order.ts';
import { addUnits, shipStock } from './stock.ts';

interface Parcel {
  id: string;
  shareId: string;
  state: ShipmentState;
}

/** Stores scans of the parcel with this tracking code and moves it along. */
export async function applyScans(
  work: OrderWork,
  trackingCode: string,
  scans: readonly Scan[],
): Promise<MessageOutcome> {
  const { rows } = await work.tx.query<Parcel>(
    'select id, fulfillment_id as "shareId", state from shipments where order_id = $1 and tracking_code = $2',
    [work.order.id, trackingCode],
  );
  const parcel = rows[0];
  if (!parcel) return { applied: false, detail: 'no parcel with this tracking code' };
  const inTime = scans.toSorted((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt));
  await storeScans(work, parcel.id, inTime);
  let moved = false;
  for (const scan of inTime) {
    const next = afterScan(parcel.state, scan);
    if (next === undefined) continue;
    await moveParcel(work, parcel, { next, scan });
    parcel.state = next;
    moved = true;
  }
  return moved ? { applied: true } : { applied: false, detail: 'nothing new' };
}

async function storeScans(work: OrderWork, parcelId: string, scans: readonly Scan[]): Promise<void> {
  await work.tx.query(
    `with scan as (select * from jsonb_to_recordset($2::jsonb) s (status text, detail text, message text, "occurredAt" timestamptz)), stored as (
       insert into scans (shipment_id, key, status, detail, message, occurred_at)
       select $1, to_char("occurredAt" at time zone 'UTC', 'YYYYMMDDHH24MISSMS') || '/' || status || '/' || detail, status, detail, left(message, 500), "occurredAt" from scan
       on conflict do nothing)
     update shipments set last_scan_at = greatest(last_scan_at, (select max("occurredAt") from scan)) where id = $1`,
    [parcelId, JSON.stringify(scans)],
  );
}

const EXCEPTIONS: Partial<Record<ShipmentState, FailureCode>> = {
  lost: 'parcel_lost',
  damaged: 'parcel_damaged',
  returned_to_sender: 'parcel_returned',
  delivery_failed: 'delivery_failed',
};

async function moveParcel(
  work: OrderWork,
  parcel: Parcel,
  move: { next: ShipmentState; scan: Scan },
): Promise<void> {
  const { next, scan } = move;
  const leaves = !hasLeft(parcel.state) && hasLeft(next);
  await work.tx.query(
    `update shipments set state = $2, handed_over_at = coalesce(handed_over_at, case when $3::boolean then $4::timestamptz end),
       delivered_at = case when $2 = 'delivered' then $4::timestamptz else delivered_at end where id = $1`,
    [parcel.id, next, leaves, scan.occurredAt],
  );
  if (leaves) await shipStock(work, parcel.shareId);
  if (next === 'delivered') {
    await addUnits(work, parcel.shareId, 'delivered');
    await work.tx.query(`update fulfillment_orders set state = 'closed', closed_at = now() where id = $1`, [
      parcel.shareId,
    ]);
  }
  // A move ends the present watch; the next state opens its own, so silence counts from the last scan that moved the parcel.
  await work.tx.query(
    `update waits set ended_at = now(), ended_as = $3 where order_id = $1 and subject = $2 and kind = 'delivery' and ended_at is null`,
    [work.order.id, parcel.id, next],
  );
  const data = { shipmentId: parcel.id, status: next, occurredAt: scan.occurredAt };
  const code = EXCEPTIONS[next];
  if (code) {
    work.record('shipment.exception', data, 'carrier');
    await openCase(work, {
      subject: parcel.id,
      code,
      attention: 'carrier',
      detail: scan.message.slice(0, 300) || next,
    });
    return;
  }
  const type =
    next === 'out_for_delivery' || next === 'available_for_pickup' || next === 'delivered'
      ? next
      : 'in_transit';
  work.record(`shipment.${type}`, data, 'carrier');
  await resolveCases(work, { subject: parcel.id, resolution: next, actor: 'carrier' });
}
