/**
 * The world around one walking order: a gateway that remembers every payment and refuses what no gateway would do, a warehouse
 * and a carrier. Until the world is calm, calls and their answers get lost, and other things happen while a call is on its way.
 */
import type { GatewayTruth } from '../../domain/truth.ts';
import { OutcomeUnknown, type Outcome, type Refused } from '../../providers/outcome.ts';
import type { PaymentProvider, ProviderPayment } from '../../providers/payment/port.ts';
import type { ActivityDeps } from '../../activities/deps.ts';
import type { Dice } from './dice.ts';
import { givenGateway } from './gateway.ts';
import { givenCarrier, givenWarehouse } from './outside.ts';

/** A payment at the gateway, with what it was asked for. */
export interface KeptPayment extends GatewayTruth {
  token: string;
  /** The gateway's own code of its no. */
  declineCode?: string;
}

/** The world of one walk. */
export interface World {
  dice: Dice;
  /** True once every call arrives and is answered, and no card is declined but the bad one. */
  isCalm: boolean;
  /** What may happen while a call is on its way. */
  during?: () => Promise<void>;
  /** True once the gateway has taken a payment without being asked. */
  tookUnasked: boolean;
  /** The truth: everything the gateway has, by its reference, oldest first. */
  payments: Map<string, KeptPayment>;
}

/** The card that is always declined. */
export const BAD_CARD = 'bad';

/** A world in trouble in which nothing has happened yet. */
export function worldOf(dice: Dice): World {
  return { dice, isCalm: false, tookUnasked: false, payments: new Map() };
}

/** The systems of the world as activities call them. */
export function outsideOf(world: World): Omit<ActivityDeps, 'pool'> {
  const warehouse = givenWarehouse();
  const carrier = givenCarrier();
  return {
    payment: gatewayOf(world),
    warehouse: givenWarehouse({ submit: called(world, warehouse.submit) }),
    carrier: givenCarrier({
      book: called(world, carrier.book),
      voidLabel: called(world, carrier.voidLabel),
    }),
  };
}

/** The same call in this world: it may get lost, its answer may, and things may happen before and after its effect. */
function called<A, B>(world: World, effect: (request: A) => B | Promise<B>): (request: A) => Promise<B> {
  return async (request) => {
    await meanwhile(world);
    loseCall(world);
    const answer = await effect(request);
    await meanwhile(world);
    loseAnswer(world);
    return answer;
  };
}

/** Before the effect: nobody knows whether it left, or it surely did not. */
export function loseCall({ dice, isCalm }: World): void {
  if (!isCalm && dice.chance(1 / 8)) throw new OutcomeUnknown('lost', { sent: dice.chance(0.5) });
}

/** After the effect: it happened, and nobody heard of it. */
export function loseAnswer({ dice, isCalm }: World): void {
  if (!isCalm && dice.chance(1 / 4)) throw new OutcomeUnknown('lost', { sent: true });
}

/** Now and then something else happens at this point. */
export async function meanwhile(world: World): Promise<void> {
  const { during } = world;
  if (!during || world.isCalm || !world.dice.chance(0.12)) return;
  // What happens in the meantime is not interrupted itself.
  delete world.during;
  await during();
  world.during = during;
}

/** What must never be asked of a gateway: not an answer but the end of the walk. */
class NeverAsked extends Error {
  override readonly name = 'NeverAsked';
}

function no(code: Refused['code'], providerCode: string): Refused {
  return { ok: false, code, providerCode, detail: 'The gateway says no.' };
}

function gatewayOf(world: World): PaymentProvider {
  const { payments } = world;
  const shown = (one: KeptPayment | undefined): ProviderPayment | undefined =>
    one && { ...one, brand: null, last4: null };
  return givenGateway({
    authorize: called(world, (request) => authorize(world, request)),
    capture: called(world, (request) => capture(world, request)),
    void: called(world, ({ providerRef }): Outcome<Record<never, never>> => {
      const one = known(world, providerRef);
      if (one.state === 'captured') return no('payment_refused', 'payment_intent_unexpected_state');
      one.state = 'voided';
      return { ok: true, value: {} };
    }),
    refund: called(world, ({ key, providerRef, amountMinor }) => {
      const one = known(world, providerRef);
      const refundRef = `re_${key}`;
      if (!one.refunds.some((refund) => refund.key === key)) {
        if (backMinor(one) + amountMinor > one.capturedMinor)
          throw new NeverAsked(`refund ${key}: ${amountMinor} more than ${one.capturedMinor}`);
        one.refunds.push({ id: refundRef, key, amountMinor, state: 'succeeded', failureCode: null });
      }
      return { ok: true as const, value: { refundRef, state: 'succeeded' as const } };
    }),
    retrieve: (providerRef) => Promise.resolve(shown(payments.get(providerRef))),
    find: (key) => Promise.resolve(shown(payments.get(`pi_${key}`))),
    findRefund: (key, providerRef) =>
      Promise.resolve(payments.get(providerRef)?.refunds.find((refund) => refund.key === key)),
    inspect: (providerRef) => Promise.resolve(structuredClone(payments.get(providerRef))),
  });
}

/** What the gateway has given back of a payment. */
export function backMinor(one: GatewayTruth): number {
  return one.refunds.reduce((sum, refund) => sum + (refund.state === 'failed' ? 0 : refund.amountMinor), 0);
}

function known(world: World, providerRef: string): KeptPayment {
  const one = world.payments.get(providerRef);
  if (!one) throw new NeverAsked(`the gateway has no ${providerRef}`);
  return one;
}

type Asked<K extends 'authorize' | 'capture'> = Parameters<PaymentProvider[K]>[0];

function authorize(world: World, request: Asked<'authorize'>) {
  const { key, amountMinor, token } = request;
  const providerRef = `pi_${key}`;
  if (amountMinor <= 0) throw new NeverAsked(`authorize ${key} of ${amountMinor}`);
  const one = world.payments.get(providerRef) ?? newPayment(world, request);
  world.payments.set(providerRef, one);
  if (one.amountMinor !== amountMinor || one.token !== token)
    throw new NeverAsked(`authorize ${key}: the same key for something else`);
  if (one.declineCode !== undefined) return no('card_declined', one.declineCode);
  const card = { brand: 'visa', last4: '4242', captureBefore: one.captureBefore };
  return { ok: true as const, value: { providerRef, ...card } };
}

function newPayment({ dice, isCalm }: World, request: Asked<'authorize'>): KeptPayment {
  const { key, orderId, amountMinor, currency, token } = request;
  const isDeclined = token === BAD_CARD || (!isCalm && dice.chance(0.25));
  const inAWeek = new Date(Date.now() + 7 * 86_400_000).toISOString();
  return {
    ...{ providerRef: `pi_${key}`, key, orderId, amountMinor, currency, token },
    ...{ capturedMinor: 0, refunds: [], disputes: [] },
    ...(isDeclined
      ? {
          state: 'declined',
          captureBefore: null,
          declineCode: token !== BAD_CARD && dice.chance(0.5) ? 'insufficient_funds' : 'stolen_card',
        }
      : { state: 'authorized', captureBefore: dice.chance(0.3) ? inAWeek : null }),
  };
}

function capture(world: World, { providerRef, amountMinor }: Asked<'capture'>) {
  const { dice, isCalm } = world;
  const one = known(world, providerRef);
  if (one.state === 'captured') return { ok: true as const, value: { capturedMinor: one.capturedMinor } };
  if (one.state !== 'authorized' || (!isCalm && dice.chance(0.15)))
    return no('capture_refused', 'charge_expired');
  if (amountMinor > one.amountMinor) throw new NeverAsked(`capture ${providerRef} of ${amountMinor}`);
  one.state = 'captured';
  // A gateway may take less than it was asked for; what it doesn't take is released there.
  const isPart = !isCalm && amountMinor > 1 && dice.chance(0.15);
  one.capturedMinor = isPart ? 1 + dice.below(amountMinor - 1) : amountMinor;
  return { ok: true as const, value: { capturedMinor: one.capturedMinor } };
}
