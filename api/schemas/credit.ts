/** Gift cards and store credit as the API takes and shows them. */
import { z } from 'zod';
import { CREDIT_STATES, CREDIT_TEXT_MAX, DISABLE_REASONS, MOVEMENT_KINDS } from '../../domain/credit.ts';
import { CREDIT_METHODS } from '../../domain/method.ts';
import { AMOUNT_MAX_MINOR } from '../../domain/money.ts';
import { at, currency, instant, maybeAt, money, pageQuery, text } from './fields.ts';
import { moneyShown } from './orderParts.ts';

/** A code as people type it: blanks, dashes and case are ignored. */
export const creditCode = text(CREDIT_TEXT_MAX).meta({
  description: 'Of a gift card. Blanks, dashes and case are ignored.',
  example: 'K7PX-Q2MW-D9FT-H4RB',
});

/** The id of an account. */
export const creditAccountId = z
  .string()
  .regex(/^crd_[0-9a-f]{32}$/, 'must be the id of an account (crd_…)')
  .meta({ example: 'crd_0199a1b2c3d4e5f60718293a4b5c6d7e' });

/** The body of `POST /v1/credit-accounts`. */
export const CreditIssueBody = z
  .strictObject({
    kind: z.enum(CREDIT_METHODS),
    amount: money.meta({ description: 'What is on it at first; its currency is the account’s for good.' }),
    holder: text(100).optional().meta({ description: 'The customer’s id in your system, not a name.' }),
    expiresAt: instant.optional().meta({ description: 'From then on nothing more can be paid with it.' }),
    reason: text(200).optional().meta({ description: 'Words of staff; shown to staff only.' }),
  })
  .refine((one) => one.kind !== 'gift_card' || one.amount.amount !== 0, {
    path: ['amount', 'amount'],
    error: 'a gift card holds more than zero',
  })
  .meta({ id: 'IssueCredit' });

/** The body of an adjustment: what is added, or taken away when it is negative. */
export const CreditAdjustBody = z
  .strictObject({
    amount: z
      .strictObject({
        amount: z
          .int()
          .min(-AMOUNT_MAX_MINOR)
          .max(AMOUNT_MAX_MINOR)
          .refine((minor) => minor !== 0, 'must not be zero')
          .meta({ description: 'Minor units; negative takes away.' }),
        currency,
      })
      .meta({ id: 'SignedMoney' }),
    reason: text(200).meta({ description: 'Words of staff; shown to staff only.' }),
  })
  .meta({ id: 'AdjustCredit' });

/** The body of disable. */
export const CreditDisableBody = z
  .strictObject({ reason: z.enum(DISABLE_REASONS).optional() })
  .meta({ id: 'DisableCredit' });

/** The body of enable: also prolongs an account that expires. */
export const CreditEnableBody = z
  .strictObject({
    expiresAt: instant.nullable().optional().meta({
      description: 'A new end, null for none; left out: it stays as it is.',
    }),
  })
  .meta({ id: 'EnableCredit' });

/** The body of a look-up by code. */
export const CreditLookupBody = z.strictObject({ code: creditCode }).meta({ id: 'LookUpCredit' });

const shown = {
  id: z.string(),
  kind: z.enum(CREDIT_METHODS),
  currency: z.string(),
  codeLast4: z.string().nullable(),
  holder: z.string().nullable().meta({ description: 'Null for keys without pii:read.' }),
  balance: moneyShown.meta({ description: 'What is on it, with what is held.' }),
  held: moneyShown.meta({ description: 'Set aside for orders and not taken yet.' }),
  available: moneyShown.meta({ description: 'Balance less held.' }),
  state: z.enum(CREDIT_STATES),
  expiresAt: maybeAt,
  createdBy: z.string(),
  createdAt: at,
};

/** A gift card or a customer's store credit. */
export const CreditAccountShown = z.strictObject(shown).meta({ id: 'CreditAccount' });

/** An account that was just issued; a gift card's code is said here and never again. */
export const CreditIssuedBody = z
  .strictObject({
    ...shown,
    code: z.string().nullable().meta({
      description: 'Of a gift card: keep it, it can’t be read again. Null for store credit.',
    }),
  })
  .meta({ id: 'CreditIssued' });

/** One change of an account. */
export const CreditMovementShown = z
  .strictObject({
    id: z.int(),
    kind: z.enum(MOVEMENT_KINDS),
    balance: moneyShown.meta({ description: 'By how much the balance changed.' }),
    held: moneyShown.meta({ description: 'By how much the held amount changed.' }),
    orderId: z.string().nullable(),
    orderNumber: z.int().nullable(),
    actor: z.string(),
    reason: z.string().nullable(),
    at,
  })
  .meta({ id: 'CreditMovement' });

/** An account with its newest movements, newest first. */
export const CreditAccountBody = z
  .strictObject({
    ...shown,
    movements: z.array(CreditMovementShown).meta({ description: 'The newest 100, newest first.' }),
    hasMoreMovements: z.boolean(),
  })
  .meta({ id: 'CreditAccountDetail' });

/** The query of the list. */
export const CreditListQuery = z.strictObject({
  ...pageQuery,
  kind: z.enum(CREDIT_METHODS).optional(),
  holder: text(100).optional(),
  state: z.enum(CREDIT_STATES).optional(),
});

/** Types for clients. */
export type CreditAccount = z.output<typeof CreditAccountShown>;
export type CreditIssued = z.output<typeof CreditIssuedBody>;
export type CreditAccountDetail = z.output<typeof CreditAccountBody>;
export type CreditMovement = z.output<typeof CreditMovementShown>;
