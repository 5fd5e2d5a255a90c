/** The ways to pay of a new order: one `payment`, or a list `payments` with amounts. Whether they add up is asked after the form. */
import { z } from 'zod';
import { TENDERS_MAX } from '../../domain/tender.ts';
import { creditAccountId, creditCode } from './credit.ts';
import { instant, money, text } from './fields.ts';

const NO_TOKEN = "must be the payment provider's token";
const isNoNumber = (token: string): boolean => !/^\d{12,19}$/.test(token);
const NUMBER = 'must be a token, never a card number';

/** The gateway's token of a card, as a customer's browser has it: never its number. */
export const newCardToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,200}$/, NO_TOKEN)
  .refine(isNoNumber, NUMBER);

/** The gateway's token of a card, or of one that the shop has saved (`cus_…:pm_…`): never its number. */
export const cardToken = z
  .string()
  .regex(/^(?:[A-Za-z0-9_-]{1,200}|cus_[A-Za-z0-9]{1,90}:pm_[A-Za-z0-9_]{1,100})$/, NO_TOKEN)
  .refine(isNoNumber, NUMBER)
  .meta({
    description:
      'A new card by its token `pm_…`, or one that the shop has saved at Stripe by its Customer and token: `cus_…:pm_…`.',
  });

/** Days after the goods left in which an invoice is due. */
export const termsDays = z.int().min(0).max(365);

const card = z.strictObject({
  method: z.literal('card'),
  token: cardToken,
  number: text(100).optional(),
  time: instant.optional(),
});
const prepaid = z.strictObject({
  method: z.literal('prepaid'),
  number: text(100),
  time: instant,
  paid: z.boolean().optional().meta({ description: 'False: wait until the channel says it was paid.' }),
});
const giftCard = z.strictObject({
  method: z.literal('gift_card'),
  code: creditCode,
});
const storeCredit = z.strictObject({ method: z.literal('store_credit'), account: creditAccountId });
const bankTransfer = z.strictObject({
  method: z.literal('bank_transfer'),
  number: text(100).optional().meta({ description: 'The reference the customer is asked to give.' }),
});
const invoice = z.strictObject({
  method: z.literal('invoice'),
  number: text(100).optional(),
  termsDays: termsDays.optional().meta({
    description: "Due so many days after the goods left; the channel's invoiceTermsDays if left out.",
  }),
});
const cash = z.strictObject({ method: z.literal('cash_on_delivery') });

/** How the whole order is paid. */
export const NewPaymentBody = z
  .discriminatedUnion('method', [card, prepaid, giftCard, storeCredit, bankTransfer, invoice, cash])
  .meta({ id: 'NewPayment', description: 'How the whole order is paid.' });

const part = {
  amount: money
    .refine((given) => given.amount > 0, { path: ['amount'], error: 'must be more than 0' })
    .optional()
    .meta({ description: 'Left out by at most one, which pays the rest.' }),
};

const NewTender = z
  .discriminatedUnion('method', [
    card.extend(part),
    prepaid.extend(part),
    giftCard.extend(part),
    storeCredit.extend(part),
    bankTransfer.extend(part),
    invoice.extend(part),
    cash.extend(part),
  ])
  .meta({ id: 'NewTender', description: 'One of several ways in which the order is paid.' });

/** Several ways to pay, in the order of their use. */
export const NewTendersBody = z
  .array(NewTender)
  .min(2)
  .max(TENDERS_MAX)
  .meta({
    description: `2 to ${TENDERS_MAX} ways to pay, in the order of their use; at most one that is awaited (prepaid, bank_transfer, invoice, cash_on_delivery).`,
  });

const replaced = {
  tender: z.int().min(1).max(TENDERS_MAX).optional().meta({
    description:
      'Which of several ways to pay is replaced, by its seq; the one that was refused if left out.',
  }),
};

/** Another way to pay for an order that waits for one. */
export const ChangePaymentBody = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.literal('card'), token: cardToken, ...replaced }),
    giftCard.extend(replaced),
    storeCredit.extend(replaced),
    z.strictObject({ method: z.literal('bank_transfer'), ...replaced }),
    z.strictObject({ method: z.literal('invoice'), termsDays: termsDays.optional(), ...replaced }),
    cash.extend(replaced),
  ])
  .meta({ id: 'ChangePayment', description: 'Another way to pay for what was refused or has not come.' });

/** The wire form of another way to pay. */
export type ChangePaymentInput = z.output<typeof ChangePaymentBody>;
