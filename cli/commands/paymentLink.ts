/** `holdfast orders payment-link`: the address of a page where the customer pays. */
import type { Command } from 'commander';
import type { PaymentLinkShown } from '../../api/schemas/paymentLinks.ts';
import { instant } from '../format.ts';
import { NUMBER_OR_ID } from './inputs.ts';
import type { Act } from '../run.ts';

/** Adds the command to `orders`. */
export function addPaymentLink(orders: Command, act: Act): void {
  orders
    .command('payment-link')
    .description('makes a link to a page where the customer pays; whoever has it can pay the order')
    .argument('<order>', NUMBER_OR_ID)
    .addHelpText('after', '\nExample:\n  holdfast orders payment-link 100042')
    .action((order: string, _flags: object, command: Command) =>
      act(command, async (context) => {
        const path = `/v1/orders/${encodeURIComponent(order)}/payment-links`;
        const link = await context.change<PaymentLinkShown>(path, { body: {} });
        if (!link) return;
        context.print(link, () => [link.url, `It works until ${instant(link.expiresAt)}.`]);
      }),
    );
}
