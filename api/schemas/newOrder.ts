/** The body of `POST /v1/orders` and of imports. Sums are checked after the form, by domain/totals.ts. */
import { z } from 'zod';
import type { NewOrder } from '../../domain/newOrder.ts';
import { attributes, country, currency, instant, metadata, money, sku, text } from './fields.ts';
import { NewPaymentBody, NewTendersBody } from './newPayment.ts';

const party = {
  name: text(200),
  company: text(200).optional(),
  email: z
    .string()
    .min(3)
    .max(254)
    .regex(/^\S+@\S+$/, 'must be an e-mail address')
    .optional(),
  phone: text(50).optional(),
};

const Party = z.strictObject(party).meta({ id: 'Party', description: 'A person or company.' });

const Address = z
  .strictObject({
    line1: text(200),
    line2: text(200).optional(),
    city: text(100),
    region: text(100).optional(),
    postalCode: text(20).optional(),
    country,
  })
  .meta({ id: 'Address' });

const TaxLine = z
  .strictObject({
    name: text(100),
    rate: z.number().min(0).max(10).meta({ description: 'A fraction: 0.19 is 19 %.' }),
    amount: money,
    jurisdiction: text(100).optional(),
  })
  .meta({ id: 'TaxLine' });

const Discount = z
  .strictObject({ amount: money, source: text(100), code: text(100).optional() })
  .meta({ id: 'Discount' });

const NewLine = z
  .strictObject({
    sku,
    quantity: z.int().min(1).max(1_000_000),
    name: text(500).optional().meta({ description: 'From the catalogue when left out.' }),
    variant: text(200).optional(),
    gtin: z
      .string()
      .regex(/^\d{8,14}$/, 'must be 8 to 14 digits')
      .optional(),
    unitListPrice: money.optional(),
    unitPrice: money.meta({ description: 'Before discounts; contains tax if pricesIncludeTax.' }),
    discounts: z.array(Discount).max(50).optional(),
    taxLines: z.array(TaxLine).max(20).optional(),
    total: money.meta({
      description: 'unitPrice × quantity − discounts, plus tax unless prices include it.',
    }),
    weightGrams: z.int().min(0).max(10_000_000).optional(),
    requiresShipping: z.boolean().optional(),
    attributes: attributes.optional(),
  })
  .meta({ id: 'NewLine' });

const label = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,49}$/);

const fields = {
  externalId: text(100).meta({ description: 'Your id of the order: unique in the channel, for ever.' }),
  currency,
  placedAt: instant.optional(),
  promisedBy: instant.optional(),
  pricesIncludeTax: z.boolean().optional(),
  sender: Party.optional(),
  recipient: Party,
  shippingAddress: Address,
  billing: z.strictObject({ ...party, address: Address }).optional(),
  lines: z.array(NewLine).min(1).meta({ description: "At most the channel's linesMax (1,000)." }),
  shipping: z
    .strictObject({
      price: money,
      service: text(100).optional(),
      taxLines: z.array(TaxLine).max(20).optional(),
    })
    .optional(),
  totals: z.strictObject({
    total: money,
    subtotal: money.optional(),
    discount: money.optional(),
    shipping: money.optional(),
    tax: money.optional(),
  }),
  payment: NewPaymentBody.optional(),
  payments: NewTendersBody.optional(),
  customerNote: z.string().max(2000).optional(),
  attributes: attributes.optional(),
  metadata: metadata.optional(),
  tags: z.array(label).max(50).optional(),
  flags: z.array(label).max(50).optional(),
  carrier: z
    .strictObject({
      service: text(100).optional(),
      instructions: text(500).optional(),
      signatureRequired: z.boolean().optional(),
    })
    .optional(),
};

interface Ways {
  payment?: unknown;
  payments?: unknown;
}

/** Says what is wrong about the ways to pay beside everything else that is wrong, not only after it. */
const always = { when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null };
const named = {
  check: ({ payment, payments }: Ways) => payment !== undefined || payments !== undefined,
  words: { ...always, path: ['payment'], error: 'must be given, or payments' },
};
const once = {
  check: ({ payment, payments }: Ways) => payment === undefined || payments === undefined,
  words: { ...always, path: ['payments'], error: 'must not be given together with payment' },
};

/** An order to accept. */
export const NewOrderBody = z
  .strictObject(fields)
  .refine(named.check, named.words)
  .refine(once.check, once.words)
  .meta({ id: 'NewOrder', description: 'Has either payment or payments.' });

/** A finished order of the past: paid at the channel, with the times of its end. */
export const HistoryOrderBody = z
  .strictObject({ ...fields, shippedAt: instant.optional(), completedAt: instant.optional() })
  .refine(named.check, named.words)
  .refine((order) => order.payments === undefined, {
    path: ['payments'],
    error: 'a finished order was paid at the channel: give one payment',
  })
  .refine((order) => order.payment === undefined || order.payment.method === 'prepaid', {
    path: ['payment', 'method'],
    error: 'a finished order was paid at the channel: method must be prepaid',
  })
  .meta({ id: 'HistoryOrder' });

/** The wire form is the domain's: this line fails to compile when they differ. */
const _isDomainOrder: (body: z.output<typeof NewOrderBody>) => NewOrder = (body) => body;

/** Header of writes that must not happen twice. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

const ImportEntry = z
  .looseObject({
    idempotencyKey: z.string().regex(IDEMPOTENCY_KEY).optional(),
    order: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({
    id: 'OrderImportEntry',
    description:
      'Either { idempotencyKey, order } or the order itself, whose key is then its externalId. In mode history the order may carry shippedAt and completedAt.',
  });

/** The body of `POST /v1/order-imports`. */
export const OrderImportBody = z
  .strictObject({
    mode: z.enum(['live', 'history']).meta({
      description: 'history: finished orders, stored without workflow, money or stock.',
    }),
    orders: z.array(ImportEntry).min(1).max(100),
  })
  .meta({ id: 'OrderImport' });

/** The wire form of an order to accept. */
export type NewOrderInput = z.input<typeof NewOrderBody>;
