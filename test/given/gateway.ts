/** A gateway that says yes to everything, for tests of what stands before it; a test overrides the answers it is about. */
import type { Authorized, PaymentProvider } from '../../providers/payment/port.ts';
import type { Outcome } from '../../providers/outcome.ts';

/** What an authorization under this key comes to: a payment whose reference is made of the key. */
export function granted(key: string, card: Partial<Authorized> = {}): Promise<Outcome<Authorized>> {
  const value = { providerRef: `pi_${key}`, brand: 'visa', last4: '4242', captureBefore: null, ...card };
  return Promise.resolve({ ok: true, value });
}

/** The gateway. It remembers nothing: looking up finds nothing. */
export function givenGateway(answers: Partial<PaymentProvider> = {}): PaymentProvider {
  return {
    id: 'stripe',
    authorize: ({ key }) => granted(key),
    capture: ({ amountMinor }) => Promise.resolve({ ok: true, value: { capturedMinor: amountMinor } }),
    void: () => Promise.resolve({ ok: true, value: {} }),
    retrieve: () => Promise.resolve(undefined),
    find: () => Promise.resolve(undefined),
    refund: ({ key }) => Promise.resolve({ ok: true, value: { refundRef: `re_${key}`, state: 'succeeded' } }),
    findRefund: () => Promise.resolve(undefined),
    inspect: () => Promise.resolve(undefined),
    list: () => Promise.resolve({ payments: [] }),
    listPayouts: () => Promise.resolve([]),
    listSettled: () => Promise.resolve({ payments: [], earlierPayouts: [] }),
    parseWebhook: () => [],
    ...answers,
  };
}
