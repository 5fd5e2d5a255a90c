/**
 * Payment methods and the customers they belong to, by Stripe's rules: one that belongs to nobody can be used once; one that
 * belongs to a customer only together with that customer, as often as wanted. A test token makes a new one each time it is used.
 */
import { stripeId } from './ids.ts';
import { metadataOf } from './payment.calls.ts';
import type { Call, Done } from './payment.calls.ts';
import { cardOf, isTestToken, newMethod } from './payment.cards.ts';
import { cardRefused, invalid, missing, unfit } from './payment.errors.ts';
import type { Customer } from './payment.state.ts';
import { customerJson } from './payment.wire.ts';
import type { Answer } from './server.ts';

/** What is known of payment methods that were made once. */
export interface Methods {
  customer(id: string): Customer | undefined;
  /** Whom it belongs to. */
  ownerOf(method: string): Customer | undefined;
  /** True once it was used while it belonged to nobody. */
  isUsedUp(method: string): boolean;
}

/** The methods as the ledger tells of them. */
export interface MethodBooks extends Methods {
  attached(customer: Customer): void;
  used(method: string): void;
}

/** Nothing is attached or used yet. */
export function createMethods(): MethodBooks {
  const customers = new Map<string, Customer>();
  const owners = new Map<string, Customer>();
  const usedUp = new Set<string>();
  return {
    customer: (id) => customers.get(id),
    ownerOf: (method) => owners.get(method),
    isUsedUp: (method) => usedUp.has(method),
    attached(customer) {
      customers.set(customer.id, customer);
      if (customer.method !== null) owners.set(customer.method, customer);
    },
    used(method) {
      if (!isTestToken(method) && !owners.has(method)) usedUp.add(method);
    },
  };
}

/** Why a payment can't be made with a method, for the customer it names; undefined when it can. */
export function methodProblem(
  methods: Methods,
  { method, customerId }: { method: string; customerId: string | undefined },
): Answer | undefined {
  if (customerId !== undefined && methods.customer(customerId) === undefined)
    return missing('customer', customerId, 'customer');
  if (cardOf(method) === undefined) return missing('PaymentMethod', method, 'payment_method');
  const owner = methods.ownerOf(method);
  if (owner === undefined) return methods.isUsedUp(method) ? unfit(USED) : undefined;
  if (customerId === undefined) return invalid('parameter_missing', belongs(method, owner.id), 'source');
  return owner.id === customerId ? undefined : unfit(foreign(method, customerId));
}

const USED =
  'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.';
const NOT_ATTACHED_ANY_MORE =
  'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.';
const ATTACHED = 'The payment method you provided has already been attached to a customer.';

function belongs(method: string, owner: string): string {
  return `The \`payment_method\` parameter supplied ${method} belongs to the Customer ${owner}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`;
}

function foreign(method: string, customer: string): string {
  return `The PaymentMethod ${method} does not belong to the Customer you supplied ${customer}. Please use this PaymentMethod with the Customer that it belongs to instead.`;
}

/** Makes a customer, and attaches a payment method to it. A card that the bank declines is not attached, and nobody is made. */
export function makeCustomer({ params, methods, fault }: Call): Done {
  const given = params['payment_method'];
  const method = given !== undefined && isTestToken(given) ? newMethod(given) : given;
  const card = method === undefined ? undefined : cardOf(method);
  if (method !== undefined) {
    if (card === undefined) return { answer: missing('PaymentMethod', method, 'payment_method') };
    if (methods.isUsedUp(method)) return { answer: unfit(NOT_ATTACHED_ANY_MORE) };
    if (methods.ownerOf(method) !== undefined) return { answer: unfit(ATTACHED) };
  }
  const told = { code: 'card_declined', declineCode: fault?.detail ?? 'generic_decline' };
  const decline = fault?.kind === 'decline' ? told : (card?.decline ?? null);
  if (decline !== null) return { kept: true, answer: cardRefused(decline) };
  const customer: Customer = {
    id: stripeId('cus'),
    method: method ?? null,
    metadata: metadataOf(params),
    created: Math.floor(Date.now() / 1000),
  };
  return {
    effect: { kind: 'customer_made', customer },
    answer: { status: 200, body: customerJson(customer) },
  };
}

/** A payment method as it is read by its id. */
export function showMethod(methods: Methods, method: string, expand: readonly string[]): Answer {
  const card = cardOf(method);
  if (card === undefined) return missing('PaymentMethod', method);
  const owner = methods.ownerOf(method);
  const customer = owner === undefined ? null : expand.includes('customer') ? customerJson(owner) : owner.id;
  return {
    status: 200,
    body: {
      id: method,
      object: 'payment_method',
      type: 'card',
      card: { brand: card.brand, last4: card.last4, exp_month: 12, exp_year: 2034, funding: 'credit' },
      customer,
      livemode: false,
      metadata: {},
    },
  };
}
