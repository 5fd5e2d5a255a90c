/** Receipts as the API takes and shows them: money that arrived outside every gateway, recorded by a person or from a file. */
import { z } from 'zod';
import { OFFLINE_METHODS } from '../../domain/method.ts';
import { AMOUNT_MAX_MINOR } from '../../domain/money.ts';
import { RECEIPT_SOURCES, RECEIPT_STATES, RECEIPTS_MAX } from '../../domain/receipt.ts';
import { at, currency, instant, maybeAt, pageQuery, text } from './fields.ts';
import { moneyShown } from './orderParts.ts';

/** One receipt to record. */
export const NewReceiptBody = z
  .strictObject({
    order: text(200).meta({
      description:
        'The order as the payer wrote it: its number or id, or the number it has elsewhere (externalId).',
    }),
    method: z.enum(OFFLINE_METHODS).optional().meta({
      description: 'How it came; left out: as the order is to be paid, else by bank transfer.',
    }),
    number: text(100).meta({
      description:
        'The bank’s or carrier’s own number of it. The same number is the same receipt, so a file may be sent twice.',
    }),
    amount: z.int().min(1).max(AMOUNT_MAX_MINOR).meta({ description: 'Minor units: 12999 is 129.99 USD.' }),
    currency,
    receivedAt: instant.optional().meta({ description: 'When it came in; now when left out.' }),
    note: text(500).optional().meta({ description: 'Words of staff; shown to staff only.' }),
  })
  .meta({ id: 'NewReceipt' });

/** The body of `POST /v1/receipts`. A row that can not be taken stops no other. */
export const ReceiptsBody = z
  .strictObject({
    receipts: z
      .array(z.union([NewReceiptBody, z.record(z.string(), z.unknown())]))
      .min(1)
      .max(RECEIPTS_MAX)
      .meta({ description: 'Each as NewReceipt says; one that does not fit is refused alone.' }),
    source: z.enum(RECEIPT_SOURCES).optional().meta({
      description: 'Where they are from; `person` when left out.',
    }),
  })
  .meta({ id: 'RecordReceipts' });

/** The body of assign: the order that an unmatched receipt belongs to. */
export const ReceiptAssignBody = z
  .strictObject({ order: text(200).meta({ description: 'Number, id, or the number it has elsewhere.' }) })
  .meta({ id: 'AssignReceipt' });

/** The body of return: the money of an unmatched receipt was given back by hand. */
export const ReceiptReturnBody = z
  .strictObject({ note: text(500).meta({ description: 'How and to whom; shown to staff only.' }) })
  .meta({ id: 'ReturnReceipt' });

/** A receipt. */
export const ReceiptShown = z
  .strictObject({
    id: z.string(),
    method: z.enum(OFFLINE_METHODS),
    number: z.string(),
    orderRef: z.string().meta({ description: 'The order as the payer wrote it.' }),
    orderId: z.string().nullable(),
    orderNumber: z.int().nullable(),
    paymentId: z.string().nullable().meta({ description: 'The payment it is booked on.' }),
    amount: moneyShown,
    receivedAt: at,
    state: z.enum(RECEIPT_STATES).meta({
      description:
        '`given`: on its way to its order. `booked`: in the books. `unmatched`: a person assigns or returns it. `returned`: given back by hand.',
    }),
    problem: z.string().nullable().meta({ description: 'Why it is unmatched, as a failure code.' }),
    orderCurrency: z.string().nullable().meta({
      description: 'Of its order, or of the only one that its text means; null when there is none.',
    }),
    source: z.enum(RECEIPT_SOURCES),
    actor: z.string(),
    actorName: z.string().nullable().meta({ description: 'The name of the key; null for channels.' }),
    note: z.string().nullable().meta({ description: 'Null for keys without pii:read.' }),
    createdAt: at,
    settledAt: maybeAt,
  })
  .meta({ id: 'Receipt' });

/** What became of one row. `given`: it is stored and will be booked, its order has not taken it yet. */
export const RECEIPT_RESULTS = ['booked', 'given', 'repeated', 'unmatched', 'refused'] as const;

/** The answer to `POST /v1/receipts`: one result a row, in the order of the rows. */
export const ReceiptResultsShown = z
  .strictObject({
    results: z.array(
      z.strictObject({
        index: z.int().meta({ description: 'Of the row, from 0.' }),
        result: z.enum(RECEIPT_RESULTS),
        receipt: ReceiptShown.nullable().meta({ description: 'Null when it was refused.' }),
        problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'ReceiptResults' });

/** The query of the list of receipts. */
export const ReceiptListQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(RECEIPT_STATES).optional(),
  order: text(200).optional().meta({ description: 'Number, id, or the number it has elsewhere.' }),
});

/** Types for clients. */
export type Receipt = z.output<typeof ReceiptShown>;
export type ReceiptResults = z.output<typeof ReceiptResultsShown>;
export type NewReceiptInput = z.input<typeof NewReceiptBody>;
