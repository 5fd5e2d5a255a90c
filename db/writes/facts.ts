/**
 * The inbox of one order: every message that was not applied yet, in its sequence, each applied once and marked in the
 * same transaction. Facts come early, twice and out of order: what is older than the state is stored and changes nothing.
 */
import pg from 'pg';
import { afterReport, type WarehouseReport } from '../../domain/fulfillment.ts';
import { RETRIED } from '../../domain/cases.ts';
import { cancelRefusal, retryRefusal } from '../../domain/actions.ts';
import { formatMoney } from '../../domain/money.ts';
import { isTerminal, type CancelReason } from '../../domain/order.ts';
import type { Scan } from '../../domain/shipment.ts';
import { acceptPart } from './acceptPart.ts';
import { changePayment, endPaymentWaits, nextPaymentAttempts } from './changePayment.ts';
import { closeByHand, openCase, resolveCases } from './cases.ts';
import { startUndo } from './deadlines.ts';
import { endWait } from './endWait.ts';
import { freeParcels, isHolding } from './dispatch.ts';
import { applyPaymentEvent } from './gatewayNews.ts';
import type { OrderWork } from './order.ts';
import { returnLatePayment } from './progress.ts';
import { applyReceipt } from './receiptBooking.ts';
import { recordByCase } from './refundAgain.ts';
import { applyRefundCommand, isRefundCommand } from './refundCommands.ts';
import { applyScans } from './scans.ts';
import { unstallStep } from './stalls.ts';
import { settleByReport } from './submitted.ts';
import { writeOff } from './writeOff.ts';

/** What became of one message; stored with it and given to whoever asked. */
export interface MessageOutcome {
  applied: boolean;
  code?: string;
  detail?: string;
  /** The refund it was about, when it was applied. */
  refundId?: string;
}

interface MessageRow {
  id: string;
  kind: string;
  actor: string;
  match: string | null;
  payload: Record<string, unknown>;
}

/** Applies all unapplied messages of the order in sequence. */
export async function takeMessages(work: OrderWork): Promise<void> {
  if (!work.snapshot.hasMessages) return;
  const { rows } = await work.tx.query<MessageRow>({
    name: 'messages_unapplied',
    text: 'select id, kind, actor, match, payload from messages where order_id = $1 and applied_at is null order by seq',
    values: [work.order.id],
  });
  for (const message of rows) {
    const outcome = await applySafely(work, message);
    await work.tx.query('update messages set applied_at = now(), outcome = $2 where id = $1', [
      message.id,
      JSON.stringify(outcome),
    ]);
    if (work.changed) await work.reload();
  }
}

/** SQLSTATE classes that the same message would meet again for ever: data exceptions and broken constraints. */
const HOPELESS = /^(22|23)/;

/**
 * One message that the database refuses must not hold up the order for ever: it is taken back alone, marked as refused,
 * and a person is told. Everything else (locks, time-outs, connections) is thrown and tried again.
 */
async function applySafely(work: OrderWork, message: MessageRow): Promise<MessageOutcome> {
  const noted = work.events.length;
  await work.tx.query('savepoint message');
  try {
    const outcome = await applyMessage(work, message);
    await work.tx.query('release savepoint message');
    return outcome;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !HOPELESS.test(error.code ?? '')) throw error;
    await work.tx.query('rollback to savepoint message');
    work.events.length = noted;
    await work.reload();
    const detail = `A message (${message.kind}) could not be applied: ${error.constraint ?? error.code ?? 'refused'}.`;
    await openCase(work, { subject: message.id, code: 'order_broken', attention: 'data_fix', detail });
    return { applied: false, code: 'order_broken', detail };
  }
}

const IGNORED: MessageOutcome = { applied: false, detail: 'older than the state; kept, not applied' };

async function applyMessage(work: OrderWork, message: MessageRow): Promise<MessageOutcome> {
  if (isRefundCommand(message.kind)) return applyRefundCommand(work, message);
  switch (message.kind) {
    case 'command.cancel':
      return cancel(work, message);
    case 'command.retry':
      return retry(work, message);
    case 'command.change_payment':
      return changePayment(work, message);
    case 'command.write_off':
      return writeOff(work, message);
    case 'command.resolve_case':
      return resolveCase(work, message);
    case 'warehouse_report':
      return warehouseReport(work, message);
    case 'carrier_scans':
      return applyScans(work, message.match ?? '', message.payload['scans'] as Scan[]);
    case 'payment_event':
      return applyPaymentEvent(work, { match: message.match, type: String(message.payload['type']) });
    case 'channel_paid':
      return channelPaid(work, message);
    case 'receipt':
      return applyReceipt(work, message);
    default:
      work.record('signal.refused', { kind: message.kind, ...refusedData(message) }, message.actor);
      return { applied: false, code: 'unknown_signal', detail: `nothing is known of ${message.kind}` };
  }
}

/** Of a signal, what it was called and our word on it; of anything else its id alone: it may hold what a person wrote. */
function refusedData({ id, kind, payload }: MessageRow): Record<string, unknown> {
  if (kind !== 'signal.unknown' && kind !== 'signal.malformed') return { messageId: id };
  return { messageId: id, name: payload['name'], problem: payload['problem'] };
}

async function cancel(work: OrderWork, message: MessageRow): Promise<MessageOutcome> {
  const refusal = cancelRefusal(work.view);
  const { reason, note } = message.payload as { reason: CancelReason; note?: string };
  if (refusal) {
    work.record('order.cancel_refused', { code: refusal, commandId: message.id }, message.actor);
    return { applied: false, code: refusal };
  }
  await startUndo(work, { cause: reason, actor: message.actor, reason: note ?? null });
  // The note stays with the command and the order: events hold no free text.
  work.record('order.cancel_requested', { reason, commandId: message.id }, message.actor);
  return { applied: true };
}

async function retry(work: OrderWork, message: MessageRow): Promise<MessageOutcome> {
  const refusal = retryRefusal(work.view);
  if (refusal) {
    work.record('order.retry_refused', { code: refusal, commandId: message.id }, message.actor);
    return { applied: false, code: refusal };
  }
  work.record('order.retry_requested', { commandId: message.id }, message.actor);
  // The waits for a person end here: a deadline that passes in this very moment must not undo what was just asked for.
  await endPaymentWaits(work, 'retried');
  for (const wait of work.view.waits.filter((one) => one.kind === 'stock')) {
    await endWait(work, { subject: wait.subject, kind: wait.kind, as: 'retried' });
  }
  for (const wait of work.view.waits.filter((one) => one.kind === 'retry')) {
    await endWait(work, { subject: wait.subject, kind: 'retry', as: 'retried' });
    await resolveCases(work, { subject: wait.subject, resolution: RETRIED, actor: message.actor });
  }
  await resolveCases(work, {
    subject: work.order.id,
    codes: ['short_stock'],
    resolution: RETRIED,
    actor: message.actor,
  });
  await nextPaymentAttempts(work, message.actor);
  return { applied: true };
}

async function resolveCase(work: OrderWork, message: MessageRow): Promise<MessageOutcome> {
  const { caseId, note } = message.payload as { caseId: string; note: string };
  const open = work.snapshot.cases.find((one) => one.id === caseId);
  const outcome = await closeByHand(work, { caseId, note, actor: message.actor, commandId: message.id });
  if (open && outcome.applied) await recordByCase(work, open, message.actor);
  if (open && outcome.applied) await acceptPart(work, open);
  if (open && outcome.applied && isHolding(open.code)) await freeParcels(work);
  return outcome;
}

async function warehouseReport(work: OrderWork, message: MessageRow): Promise<MessageOutcome> {
  const { report, weightGrams, note } = message.payload as {
    report: WarehouseReport;
    weightGrams?: number;
    note?: string;
  };
  // A report may overtake the answer to the submission: the warehouse evidently has the work.
  if (message.match !== null && (await settleByReport(work, message.match))) {
    await unstallStep(work, message.match, 'submit');
    await work.reload();
  }
  const share = work.view.shares.find((one) => one.id === message.match);
  const isUnsent = share?.state === 'open';
  const next = share && !isUnsent && afterReport(share.state, report);
  if (!share || !next || isTerminal(work.order.lifecycle)) return IGNORED;
  await work.tx.query(
    `update fulfillment_orders set state = $2, weight_grams = coalesce($3, weight_grams),
       packed_at = case when $2 = 'packed' then now() else packed_at end where id = $1`,
    [share.id, next, weightGrams ?? null],
  );
  work.record(
    `fulfillment.${report}`,
    { fulfillmentId: share.id, location: share.location, ...(note && { note }) },
    'warehouse',
  );
  if (report === 'rejected') {
    await openCase(work, {
      subject: share.id,
      code: 'warehouse_refused',
      attention: 'warehouse',
      detail: note ?? 'The warehouse rejected the share.',
    });
  } else {
    await resolveCases(work, { subject: share.id, codes: ['pack_overdue'], resolution: report });
  }
  return { applied: true };
}

async function channelPaid(work: OrderWork, message: MessageRow): Promise<MessageOutcome> {
  const { number, time, amountMinor } = message.payload as {
    number?: string;
    time?: string;
    amountMinor?: number;
  };
  const { order } = work;
  if (order.method !== 'prepaid' || order.paid) return IGNORED;
  if (amountMinor !== undefined && amountMinor !== order.totalMinor) {
    const [theirs, ours] = [amountMinor, order.totalMinor].map((minor) => formatMoney(minor, order.currency));
    await openCase(work, {
      subject: order.id,
      code: 'amount_mismatch',
      attention: 'payment_action',
      detail: `The channel was paid ${theirs}; the order comes to ${ours}.`,
    });
  }
  await work.tx.query(
    'update orders set payment_paid = true, payment_number = coalesce($2, payment_number), payment_time = $3 where id = $1',
    [work.order.id, number ?? null, time ?? null],
  );
  work.changed = true;
  if (isTerminal(work.order.lifecycle)) await returnLatePayment(work);
  return { applied: true };
}
