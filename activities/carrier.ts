/** Carrier steps: book the parcel of a share, void a label that must not be used. */
import { operationKey } from '../domain/payment.ts';
import { mayLeave } from '../domain/captureMoment.ts';
import type { OrderView } from '../domain/lifecycle.ts';
import { shipmentId } from '../domain/shipment.ts';
import { readShareForShipping, type ShareForShipping } from '../db/reads/parties.ts';
import { isHeld } from '../db/writes/dispatch.ts';
import { claimOperation, noteProviderRef, type OperationRow } from '../db/writes/operations.ts';
import { takeParked } from '../db/writes/parked.ts';
import { stallStep } from '../db/writes/stalls.ts';
import type { Booked } from '../providers/carrier/port.ts';
import type { ActivityDeps, StepInput } from './deps.ts';
import { runStep, type StepPlan } from './step.ts';

/** Carriers take no parcel of no weight: what is used when the catalogue knows none. */
const WEIGHT_UNKNOWN_GRAMS = 500;

interface BookClaim {
  operation: OperationRow;
  parcelId: string;
  share: ShareForShipping;
}

function bookPlan(deps: ActivityDeps): StepPlan<BookClaim, Booked> {
  return {
    kind: 'book',
    async claim({ work, share }) {
      const parcelId = shipmentId(work.order.id, share.seq, share.shipmentAttempt);
      await work.tx.query(
        `insert into shipments (id, order_id, fulfillment_id, attempt, state) values ($1, $2, $3, $4, 'planned') on conflict (id) do nothing`,
        [parcelId, work.order.id, share.id, share.shipmentAttempt],
      );
      const key = operationKey(work.order.number, 'book', {
        shareSeq: share.seq,
        attempt: share.shipmentAttempt,
      });
      const operation = await claimOperation(work, { key, kind: 'book', subject: parcelId, again: true });
      const read = await readShareForShipping(work.tx, share.id);
      if (!read) throw new Error(`share ${share.id} has vanished`);
      return { operation, parcelId, share: read };
    },
    call: ({ operation, share }) =>
      deps.carrier.book({
        key: operation.key,
        providerRef: operation.providerRef,
        from: share.shipFrom,
        to: share.shipTo,
        weightGrams: share.weightGrams || WEIGHT_UNKNOWN_GRAMS,
        service: share.service,
        onCreated: (providerRef, replaces) =>
          noteProviderRef(deps.pool, operation.key, { providerRef, replaces }),
      }),
    async succeeded({ work, share }, claimed, value) {
      // Where nothing has to be taken before, the warehouse may hand the parcel over at once.
      await work.tx.query(
        `update shipments set state = 'booked', carrier = $2, service = $3, tracking_code = $4, label_url = $5, provider_ref = $6,
           booked_at = now(), dispatch_at = case when $7 then now() end where id = $1`,
        [
          claimed.parcelId,
          value.carrier,
          value.service,
          value.trackingCode,
          value.labelUrl,
          value.providerRef,
          mayLeave(work.view, share) && !isHeld(work),
        ],
      );
      await work.tx.query('update operations set provider_ref = $2 where key = $1', [
        claimed.operation.key,
        value.providerRef,
      ]);
      work.record('shipment.created', {
        shipmentId: claimed.parcelId,
        fulfillmentId: share.id,
        carrier: value.carrier,
        service: value.service,
        trackingCode: value.trackingCode,
      });
      await takeParked(work, value.trackingCode);
    },
    async refused({ work, share }, _claimed, refusal) {
      const attention = refusal.providerCode.toLowerCase().includes('address') ? 'address' : 'carrier';
      await stallStep(work, {
        shareId: share.id,
        step: 'book',
        code: 'carrier_refused',
        detail: refusal.detail,
        attention,
      });
    },
  };
}

interface VoidLabelClaim {
  operation: OperationRow;
  providerRef: string;
}

function voidLabelPlan(deps: ActivityDeps, subject: string): StepPlan<VoidLabelClaim, Record<never, never>> {
  return {
    kind: 'void_label',
    async claim({ work, share }) {
      const key = operationKey(work.order.number, 'void_label', {
        shareSeq: share.seq,
        attempt: share.shipmentAttempt,
      });
      const operation = await claimOperation(work, { key, kind: 'void_label', subject, again: true });
      const { rows } = await work.tx.query<{ providerRef: string }>(
        'select provider_ref as "providerRef" from shipments where id = $1',
        [subject],
      );
      return { operation, providerRef: rows[0]?.providerRef ?? '' };
    },
    call: ({ operation, providerRef }) => deps.carrier.voidLabel({ key: operation.key, providerRef }),
    async succeeded({ work }) {
      await work.tx.query(`update shipments set state = 'cancelled', dispatch_at = null where id = $1`, [
        subject,
      ]);
      work.record('shipment.voided', { shipmentId: subject });
    },
    async refused({ work, share }, _claimed, refusal) {
      await stallStep(work, {
        shareId: share.id,
        step: 'void_label',
        code: 'carrier_refused',
        detail: `The label could not be voided: ${refusal.detail}`,
      });
    },
  };
}

/** The carrier activities. */
export function carrierActivities(deps: ActivityDeps) {
  return {
    /** Books one parcel for the share, once for its key. A refusal opens a case and waits for a retry. */
    bookShipment: (input: StepInput): Promise<OrderView> => runStep(deps, input, bookPlan(deps)),
    /** Gives an unused label back to the carrier. */
    voidLabel: (input: StepInput): Promise<OrderView> =>
      runStep(deps, input, voidLabelPlan(deps, input.subject)),
  };
}
