/** Money: authorize a share and, as its undo, give the authorization back; capture its parcel; give taken money back; look. */
import { formatMoney } from '../../domain/money.ts';
import { callOptions, gateway } from '../proxies.ts';
import { shareOf, type RunStep } from './step.ts';

/** Do: the share's amount is authorized on the card. Undo: {@link giveBack}. */
export const authorize: RunStep = (view, step) => {
  const share = shareOf(view, step);
  return gateway.authorizePayment.executeWithOptions(
    callOptions(view, `authorize ${formatMoney(share.amountMinor, view.currency)} for share ${share.seq}`),
    [{ orderId: view.orderId, shareId: share.id, subject: step.subject }],
  );
};

/** Undo of authorize; safe when nothing was authorized or when nobody knows. */
export const giveBack: RunStep = (view, step) => {
  const share = shareOf(view, step);
  return gateway.voidPayment.executeWithOptions(
    callOptions(view, `give ${formatMoney(share.amountMinor, view.currency)} of share ${share.seq} back`),
    [{ orderId: view.orderId, shareId: share.id, subject: step.subject }],
  );
};

/** Do: the parcel's amount is taken, whole. A refusal voids the label (steps/parcel.ts) and asks a person. */
export const capture: RunStep = (view, step) => {
  const share = shareOf(view, step);
  return gateway.capturePayment.executeWithOptions(
    callOptions(view, `capture ${formatMoney(share.amountMinor, view.currency)} for parcel ${share.seq}`),
    [{ orderId: view.orderId, shareId: share.id, subject: step.subject }],
  );
};

/** Undo of capture, and what a granted refund moves: one movement on one payment. */
export const refund: RunStep = (view, step) => {
  const one = view.money?.refunds.find((move) => move.attemptId === step.subject);
  return gateway.refundPayment.executeWithOptions(
    callOptions(view, `refund ${formatMoney(one?.amountMinor ?? 0, view.currency)}`),
    [{ orderId: view.orderId, shareId: step.shareId, subject: step.subject }],
  );
};

/** The gateway is asked for the truth of a payment, and what was moved there without us is booked. */
export const inspect: RunStep = (view, step) =>
  gateway.inspectPayment.executeWithOptions(callOptions(view, 'look at a payment at the gateway'), [
    { orderId: view.orderId, shareId: step.shareId, subject: step.subject },
  ]);
