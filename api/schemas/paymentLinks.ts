/** Payment links, and what the page behind one sends and is told. */
import { z } from 'zod';
import { PAY_STATES } from '../../domain/payState.ts';
import { creditCode } from './credit.ts';
import { money } from './fields.ts';
import { newCardToken } from './newPayment.ts';

/** A link is made of nothing but its order. */
export const PaymentLinkInput = z.strictObject({}).meta({ id: 'PaymentLinkInput' });

/** A link under which a customer pays one order. */
export const PaymentLinkBody = z
  .strictObject({
    url: z.url().meta({ description: 'To be sent to the customer. Whoever has it can pay this order.' }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'PaymentLink' });
export type PaymentLinkShown = z.output<typeof PaymentLinkBody>;

/** What the page sends. */
export const PayBody = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.literal('card'), token: newCardToken }),
    z.strictObject({ method: z.literal('gift_card'), code: creditCode }),
  ])
  .meta({ id: 'Pay', description: 'How the customer pays what is due.' });

/** What a customer is told of the order: its number, the shop, what is due and how it stands; nothing of persons or goods. */
export const PayStateBody = z
  .strictObject({
    state: z.enum(PAY_STATES),
    orderNumber: z.int(),
    shop: z.string(),
    due: money.nullable(),
    headline: z.string(),
    text: z.string(),
    methods: z.array(z.enum(['card', 'gift_card'])).meta({
      description:
        'What can be paid with on the page now; empty when nothing is due, and when the money is awaited by transfer, invoice or in cash.',
    }),
  })
  .meta({ id: 'PayState' });
export type PayStateShown = z.output<typeof PayStateBody>;
