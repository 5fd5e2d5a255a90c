/** A refund as the API takes it, in the terms of the domain, and what it would be. */
import type { z } from 'zod';
import { minorDigits } from '../domain/money.ts';
import {
  needsApproval,
  planRefund,
  refundableMinor,
  type RefundFacts,
  type RefundPlanned,
  type RefundRequest,
} from '../domain/refund.ts';
import type { RefundBody, RefundPreview } from './schemas/refunds.ts';
import { showParts } from './show/money.ts';
import { moneyIn } from './show/orderParts.ts';

/** The body of a request, checked. */
export type Asked = z.output<typeof RefundBody>;

/** The request in minor units, and the one currency its amounts are in. */
export function requestOf(body: Asked): { request: RefundRequest; currency?: string } {
  const { reason, lines, paymentId, amount, shipping, goodwill, fees } = body;
  const currency = [amount, shipping, goodwill, ...(fees ?? []).map((fee) => fee.amount)].find(
    (one) => one !== undefined,
  )?.currency;
  const request: RefundRequest = {
    reason,
    ...(lines && { lines }),
    ...(paymentId !== undefined && { paymentId }),
    ...(amount && { amountMinor: amount.amount }),
    ...(shipping && { shippingMinor: shipping.amount }),
    ...(goodwill && { goodwillMinor: goodwill.amount }),
    ...(fees && {
      fees: fees.map(({ kind, amount: fee, tax }) => ({
        kind,
        amountMinor: fee.amount,
        ...(tax && { taxMinor: tax.amount }),
      })),
    }),
  };
  return { request, ...(currency !== undefined && { currency }) };
}

/** The answer to a preview; a refusal of the plan is part of it. `limitMajor` is the caller's. */
export function previewOf(facts: RefundFacts, limitMajor: number, body: Asked): RefundPreview {
  const money = moneyIn(facts.currency);
  const { request, currency } = requestOf(body);
  const planned: RefundPlanned =
    currency !== undefined && currency !== facts.currency
      ? { ok: false, code: 'invalid', detail: `the order is in ${facts.currency}` }
      : planRefund(facts, request);
  const shared = {
    refundable: money(refundableMinor(facts)),
    limit: money(limitMajor * 10 ** minorDigits(facts.currency)),
  };
  if (!planned.ok) {
    const { code, detail } = planned;
    return { ...shared, needsApproval: false, plan: null, problem: { code, detail } };
  }
  const { plan } = planned;
  const methodOf = new Map(facts.payments.map((one) => [one.id, one.method]));
  return {
    ...shared,
    needsApproval: needsApproval(plan.amountMinor, facts.currency, limitMajor),
    plan: {
      ...showParts(facts.currency, plan),
      movements: plan.movements.map(({ paymentId, amountMinor, byHand }) => ({
        paymentId,
        method: methodOf.get(paymentId) ?? 'card',
        amount: money(amountMinor),
        byHand,
      })),
    },
    problem: null,
  };
}
