/** Which provider moves the money of a payment: the gateway for cards, our own accounts for gift cards and store credit. */
import { METHODS } from '../domain/method.ts';
import type { PaymentMethod } from '../domain/order.ts';
import type { PaymentProvider } from '../providers/payment/port.ts';
import { creditProvider } from './creditProvider.ts';
import type { ActivityDeps } from './deps.ts';

/** The provider of a method. Throws for methods that people move: no step calls anybody for them. */
export function providerFor(
  deps: Pick<ActivityDeps, 'pool' | 'payment'>,
  method: PaymentMethod,
): PaymentProvider {
  const { provider } = METHODS[method];
  if (provider === 'gateway') return deps.payment;
  if (provider === 'credit') return creditProvider(deps.pool);
  throw new Error(`nobody is called for a payment by ${method}`);
}
