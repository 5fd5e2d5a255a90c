/** Money: authorize a share and, as its undo, give the authorization back; capture its parcel. */
import { formatMoney } from '../../domain/money.ts';
import { callOptions, gateway } from '../proxies.ts';
import type { RunStep } from './step.ts';

/** Do: the share's amount is authorized on the card. Undo: {@link giveBack}. */
export const authorize: RunStep = (view, share, step) =>
  gateway.authorizePayment.executeWithOptions(
    callOptions(view, `authorize ${formatMoney(share.amountMinor, view.currency)} for share ${share.seq}`),
    [{ orderId: view.orderId, shareId: share.id, subject: step.subject }],
  );

/** Undo of authorize; safe when nothing was authorized or when nobody knows. */
export const giveBack: RunStep = (view, share, step) =>
  gateway.voidPayment.executeWithOptions(
    callOptions(view, `give ${formatMoney(share.amountMinor, view.currency)} of share ${share.seq} back`),
    [{ orderId: view.orderId, shareId: share.id, subject: step.subject }],
  );

/** Do: the parcel's amount is taken, whole. A refusal voids the label (steps/parcel.ts) and asks a person. */
export const capture: RunStep = (view, share, step) =>
  gateway.capturePayment.executeWithOptions(
    callOptions(view, `capture ${formatMoney(share.amountMinor, view.currency)} for parcel ${share.seq}`),
    [{ orderId: view.orderId, shareId: share.id, subject: step.subject }],
  );
