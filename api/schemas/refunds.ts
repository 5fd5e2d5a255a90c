/** Refunds as the API takes and shows them, and the money of an order. */
import { z } from 'zod';
import { REFUND_ROUTES } from '../../domain/method.ts';
import { PAYMENT_METHODS } from '../../domain/order.ts';
import { MONEY_KINDS, MONEY_STATES } from '../../domain/moneyHistory.ts';
import { AUTHORIZE_STATUSES, CHARGE_STATUSES } from '../../domain/payment.ts';
import { FEE_KINDS, REFUND_REASONS } from '../../domain/refund.ts';
import { MOVEMENT_STATES, REFUND_STATES } from '../../domain/refundStates.ts';
import { at, maybeAt, money, pageQuery, queryBoolean, text } from './fields.ts';
import { moneyShown } from './orderParts.ts';
import { DisputeShown } from './reconciliation.ts';

const RefundLine = z.strictObject({ lineNo: z.int().min(1), units: z.int().min(1).max(1_000_000) });
const positiveMoney = money.refine((one) => one.amount !== 0, 'must be more than zero');

const request = z.strictObject({
  reason: z.enum(REFUND_REASONS),
  note: text(500).optional().meta({ description: 'Words of staff; shown to staff only.' }),
  amount: positiveMoney.optional().meta({
    description:
      'A plain amount, instead of lines, shipping and goodwill: booked as goodwill, unless it is all that is left.',
  }),
  lines: z
    .array(RefundLine)
    .min(1)
    .max(1_000)
    .optional()
    .meta({ description: 'Whole units of lines; their amounts follow from the order.' }),
  shipping: positiveMoney.optional(),
  goodwill: positiveMoney.optional(),
  fees: z
    .array(z.strictObject({ kind: z.enum(FEE_KINDS), amount: money, tax: money.optional() }))
    .max(10)
    .optional()
    .meta({ description: 'What is kept back from the rest.' }),
  paymentId: text(60)
    .optional()
    .meta({ description: 'Give it back on this payment; else on the oldest first.' }),
});

/** The body of `POST /v1/orders/{order}/refunds` and of its preview. */
export const RefundBody = request
  .refine(
    (one) =>
      one.amount !== undefined ||
      one.lines !== undefined ||
      one.shipping !== undefined ||
      one.goodwill !== undefined,
    'needs an amount, lines, shipping or goodwill',
  )
  .refine(
    (one) =>
      one.amount === undefined ||
      (one.lines === undefined && one.shipping === undefined && one.goodwill === undefined),
    'a plain amount stands alone',
  )
  .refine((one) => currenciesOf(one).size <= 1, 'all amounts must be in one currency')
  .meta({ id: 'RefundOrder' });

function currenciesOf(one: z.output<typeof request>): Set<string> {
  const fees = one.fees?.flatMap((fee) => [fee.amount, fee.tax]) ?? [];
  const given = [one.amount, one.shipping, one.goodwill, ...fees];
  return new Set(given.flatMap((amount) => (amount ? [amount.currency] : [])));
}

/** The body of approve, decline, withdraw and retry. */
export const RefundDecisionBody = z.strictObject({ note: text(500).optional() }).meta({ id: 'DecideRefund' });

/** The body of `record`: the money was given back by another route than the gateway. */
export const RefundRecordBody = z
  .strictObject({
    reference: text(100).meta({ description: 'Under which the other route knows the refund.' }),
    route: z.enum(REFUND_ROUTES).optional().meta({
      description:
        'On which way it went back. Left out: the way of the payment where people move it, `other` where a card or credit was not used.',
    }),
    note: text(500).optional(),
  })
  .meta({ id: 'RecordRefund' });

const RefundLineShown = z.strictObject({
  lineNo: z.int(),
  units: z.int(),
  net: moneyShown,
  tax: moneyShown,
  total: moneyShown,
});

const RefundFeeShown = z.strictObject({ kind: z.enum(FEE_KINDS), amount: moneyShown, tax: moneyShown });

const parts = {
  amount: moneyShown,
  lines: z.array(RefundLineShown),
  shipping: moneyShown,
  goodwill: moneyShown,
  fees: z.array(RefundFeeShown),
  rounding: moneyShown.meta({
    description: 'What the card networks can not move; carried to the next refund.',
  }),
};

/** A refund: the decision, and what was moved for it. */
export const RefundShown = z
  .strictObject({
    id: z.string(),
    seq: z.int(),
    orderId: z.string(),
    orderNumber: z.int(),
    channel: z.string(),
    state: z.enum(REFUND_STATES),
    reason: z.enum(REFUND_REASONS),
    note: z.string().nullable().meta({ description: 'Null for keys without pii:read and for channels.' }),
    ...parts,
    requestedBy: z.string(),
    requestedByName: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedByName: z.string().nullable(),
    decidedAt: maybeAt,
    createdAt: at,
    settledAt: maybeAt,
    attempts: z.array(
      z.strictObject({
        id: z.string(),
        paymentId: z.string(),
        method: z.enum(PAYMENT_METHODS),
        amount: moneyShown,
        state: z.enum(MOVEMENT_STATES),
        attempt: z.int(),
        number: z.string().meta({ description: 'The stable key that is sent to the gateway.' }),
        reference: z.string().nullable(),
        failureCode: z.string().nullable(),
        createdAt: at,
        settledAt: maybeAt,
      }),
    ),
  })
  .meta({ id: 'Refund' });

/** What a refund would be: nothing is written. */
export const RefundPreviewBody = z
  .strictObject({
    refundable: moneyShown.meta({ description: 'What could be given back at most, over all payments.' }),
    needsApproval: z.boolean().meta({ description: 'True when a second person has to approve it.' }),
    limit: moneyShown.meta({ description: 'Up to this the caller’s role needs no second person.' }),
    plan: z
      .strictObject({
        ...parts,
        movements: z.array(
          z.strictObject({
            paymentId: z.string(),
            method: z.enum(PAYMENT_METHODS),
            amount: moneyShown,
            byHand: z.boolean().meta({ description: 'True when a person has to move it outside Holdfast.' }),
          }),
        ),
      })
      .nullable(),
    problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'RefundPreview' });

/** The query of the queue of refunds. */
export const RefundListQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(REFUND_STATES).optional(),
  needsPerson: queryBoolean.optional().meta({
    description:
      'Those that wait for approval, have failed, or are to be given back by hand; false: all others.',
  }),
  channel: text(40).optional(),
});

/** The money of an order, folded from the events of its payments. */
export const OrderMoneyShown = z.strictObject({
  authorized: moneyShown.meta({ description: 'Set aside and neither taken nor given back.' }),
  captured: moneyShown,
  settled: moneyShown.meta({ description: 'Of what was captured: paid out to the merchant’s bank.' }),
  refunded: moneyShown,
  chargedBack: moneyShown,
  refundPending: moneyShown.meta({ description: 'Claimed by refunds that are not done yet.' }),
  refundable: moneyShown,
  authorizeStatus: z.enum(AUTHORIZE_STATUSES),
  chargeStatus: z.enum(CHARGE_STATUSES),
  isDisputed: z.boolean(),
  operations: z
    .array(
      z.strictObject({
        time: at,
        number: z.string(),
        kind: z.enum(MONEY_KINDS),
        amount: moneyShown,
        state: z.enum(MONEY_STATES),
        reference: z.string().nullable(),
        paymentId: z.string(),
        source: z.string(),
        failureCode: z.string().nullable(),
      }),
    )
    .meta({ description: 'Everything that was asked for or happened to the money, newest last.' }),
  refunds: z.array(RefundShown),
  disputes: z.array(DisputeShown),
});

/** Types for clients. */
export type Refund = z.output<typeof RefundShown>;
export type RefundPreview = z.output<typeof RefundPreviewBody>;
export type RefundRequestBody = z.input<typeof RefundBody>;
export type OrderMoney = z.output<typeof OrderMoneyShown>;
