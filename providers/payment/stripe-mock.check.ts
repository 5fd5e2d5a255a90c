/**
 * Runs the Stripe adapter against stripe-mock, Stripe's own mock made from its OpenAPI description: it refuses what
 * does not fit the wire format, so this shows the shape of our requests and answers (it keeps no state). A program,
 * not a test: stripe-mock is a Go binary that a fresh clone does not have.
 *
 *   go install github.com/stripe/stripe-mock@latest && stripe-mock -http-port 12111 &
 *   npx tsx providers/payment/stripe-mock.check.ts http://127.0.0.1:12111
 */
import { OutcomeUnknown } from '../outcome.ts';
import { createStripe } from './stripe.ts';

const url = process.argv[2];
if (url === undefined) {
  process.stderr.write('usage: npx tsx providers/payment/stripe-mock.check.ts URL\n');
  process.exit(2);
}

const provider = createStripe({
  apiKey: 'sk_test_123',
  baseUrl: url,
  webhookSecret: '',
  timeoutMillis: 10_000,
});

/** stripe-mock answers every intent from one fixture, whose status follows no request: that one doubt is its own. */
const FIXTURE_STATUS = /requires_payment_method/;

/** Each call of the adapter, and whether its answer is one that a right request gets from the fixture. */
const CHECKS: readonly { name: string; call(): Promise<unknown>; fits(answer: unknown): boolean }[] = [
  {
    name: 'authorize',
    call: () =>
      provider.authorize({
        key: '100042/authorize/1/1',
        orderId: 'ord_1',
        orderNumber: 100_042,
        amountMinor: 12_999,
        currency: 'USD',
        token: 'pm_card_visa',
      }),
    fits: (answer) => FIXTURE_STATUS.test(JSON.stringify(answer)),
  },
  {
    name: 'authorize with a card that is attached first',
    call: () =>
      provider.authorize({
        key: '100042/authorize/2/1',
        orderId: 'ord_1',
        orderNumber: 100_042,
        amountMinor: 12_999,
        currency: 'USD',
        token: 'pm_1QXyZ',
      }),
    fits: (answer) => FIXTURE_STATUS.test(JSON.stringify(answer)),
  },
  {
    name: 'authorize with a saved card',
    call: () =>
      provider.authorize({
        key: '100042/authorize/3/1',
        orderId: 'ord_1',
        orderNumber: 100_042,
        amountMinor: 12_999,
        currency: 'USD',
        token: 'cus_1QXyZ:pm_1QXyZ',
      }),
    fits: (answer) => FIXTURE_STATUS.test(JSON.stringify(answer)),
  },
  {
    name: 'capture',
    call: () =>
      provider.capture({
        key: '100042/capture/1/1',
        providerRef: 'pi_1',
        amountMinor: 12_999,
        currency: 'USD',
      }),
    fits: (answer) => answer instanceof OutcomeUnknown && FIXTURE_STATUS.test(answer.message),
  },
  {
    name: 'void',
    call: () => provider.void({ key: '100042/void/1/1', providerRef: 'pi_1' }),
    fits: (answer) => JSON.stringify(answer) === '{"ok":true,"value":{}}',
  },
  {
    name: 'retrieve',
    call: () => provider.retrieve('pi_1'),
    fits: (answer) => JSON.stringify(answer ?? null).includes('"providerRef":"pi_'),
  },
  {
    name: 'find',
    call: () => provider.find('100042/authorize/1/1', new Date(Date.now() - 60_000).toISOString()),
    fits: (answer) => answer === undefined,
  },
  {
    name: 'refund',
    call: () =>
      provider.refund({
        key: '100042/refund/1.1/1',
        providerRef: 'pi_1',
        amountMinor: 500,
        currency: 'USD',
        orderId: 'ord_1',
      }),
    fits: (answer) => JSON.stringify(answer).includes('"refundRef":"re_'),
  },
  {
    name: 'find a refund',
    call: () => provider.findRefund('100042/refund/1.1/1', 'pi_1', new Date(0).toISOString()),
    fits: (answer) => answer === undefined,
  },
  {
    name: 'inspect',
    call: () => provider.inspect('pi_1'),
    fits: (answer) => JSON.stringify(answer ?? null).includes('"disputes":['),
  },
  {
    name: 'list',
    call: () => provider.list({ sinceIso: new Date(0).toISOString() }),
    fits: (answer) => JSON.stringify(answer).includes('"payments":[{"providerRef":"pi_'),
  },
  {
    name: 'list payouts',
    call: () => provider.listPayouts(new Date(0).toISOString()),
    fits: (answer) => JSON.stringify(answer).includes('"id":"po_'),
  },
  {
    name: 'list what a payout pays out',
    call: () => provider.listSettled({ payoutId: 'po_1' }),
    fits: (answer) => JSON.stringify(answer).includes('"payments":['),
  },
];

let failed = 0;
for (const { name, call, fits } of CHECKS) {
  const answer = await call().catch((error: unknown) => error);
  const ok = fits(answer);
  if (!ok) failed += 1;
  const shown = answer instanceof Error ? answer.message : (JSON.stringify(answer) ?? 'nothing found');
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name}: ${shown}\n`);
}
process.stdout.write(`${CHECKS.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
