/** A drawn order: its lines, the ways it is paid, and the rules of its channel. */
import type { NewPayment, NewTender } from '../../domain/newOrder.ts';
import { OFFLINE_METHODS, type CreditMethod } from '../../domain/method.ts';
import type { PaymentMethod } from '../../domain/order.ts';
import { CAPTURE_MOMENTS, type Policy } from '../../domain/policy.ts';
import type { Db } from '../../db/connect.ts';
import type { AcceptedRef } from '../../db/writes/intake.ts';
import { accepted } from './accepted.ts';
import { givenCredit } from './credit.ts';
import type { Dice } from './dice.ts';
import { CHANNEL } from './shop.ts';
import { BAD_CARD } from './walkWorld.ts';

/** The database walked in, and the key of its gift cards' codes. */
export interface WalkPlace {
  db: Db;
  masterKey: Buffer;
}

/** The credit accounts of one walk, by their kind: one that is too small, one that may do, one that does. */
export type Accounts = Record<CreditMethod, string[]>;

const HELD = ['card', 'card', 'gift_card', 'store_credit'] as const;
const AWAITED = [...OFFLINE_METHODS, 'prepaid'] as const;
const EUR = (amount: number) => ({ amount, currency: 'EUR' });

/** Issues the accounts of a walk. */
export async function givenAccounts(place: WalkPlace): Promise<Accounts> {
  const accounts: Accounts = { gift_card: [], store_credit: [] };
  for (const kind of ['gift_card', 'store_credit'] as const)
    for (const amount of [300, 1_000, 5_000])
      accounts[kind].push((await givenCredit(place, { kind, amount: EUR(amount) })).accountId);
  return accounts;
}

/** Gives the channel other rules. All waits are longer than a walk: they end when the walk says so. */
export async function drawPolicy({ db }: WalkPlace, dice: Dice): Promise<Partial<Policy>> {
  const policy: Partial<Policy> = {
    captureAt: dice.pick(CAPTURE_MOMENTS),
    releaseDelaySeconds: dice.chance(0.5) ? 0 : 10 * 86_400,
    softDeclineRetries: dice.below(2),
    ...{ caseReminderSeconds: 3_600, paymentWaitSeconds: 7_200, transferWaitSeconds: 7_200 },
    ...{ packTimeoutSeconds: 7_200, parcelSilenceSeconds: 7_200 },
    ...{ retryPauseSeconds: 3_600, retryPauseMaxSeconds: 7_200 },
  };
  await db.pool.query('update policies set body = body || $1 where channel = $2', [
    JSON.stringify(policy),
    CHANNEL,
  ]);
  return policy;
}

/** A drawn order, accepted; `said` is what was drawn. */
export async function drawOrder(
  { db }: WalkPlace,
  { dice, accounts }: { dice: Dice; accounts: Accounts },
): Promise<{ ref: AcceptedRef; said: string }> {
  const mug = { sku: 'MUG', unitMinor: 1 + dice.below(1_500) };
  const tea = { sku: 'TEA', unitMinor: dice.chance(0.25) ? 0 : 1 + dice.below(1_500) };
  const lines = dice.chance(0.6) ? [mug, tea] : [mug];
  const totalMinor = lines.reduce((sum, line) => sum + line.unitMinor, 0);
  const methods: PaymentMethod[] = [dice.pick([...HELD, ...AWAITED])];
  if (totalMinor >= 10 && dice.chance(0.6)) {
    methods.splice(0, 1, ...Array.from({ length: 2 + dice.below(2) }, () => dice.pick(HELD)));
    if (dice.chance(0.5)) methods[dice.below(methods.length)] = dice.pick(AWAITED);
  }
  const chosen = new Map<number, string>();
  for (const [index, method] of methods.entries())
    if (method === 'gift_card' || method === 'store_credit')
      chosen.set(index + 1, dice.pick(accounts[method]));
  const [only] = methods;
  const paid =
    methods.length === 1 && only
      ? { payment: drawPayment(dice, only) }
      : { payments: drawTenders(dice, methods, totalMinor) };
  const ref = await accepted(db, { lines, ...paid, accounts: chosen });
  return { ref, said: JSON.stringify({ lines, ...paid, totalMinor }) };
}

function drawTenders(dice: Dice, methods: readonly PaymentMethod[], totalMinor: number): NewTender[] {
  let left = totalMinor;
  return methods.map((method, index) => {
    const payment = drawPayment(dice, method);
    if (index === methods.length - 1) return payment;
    const amount = 1 + dice.below(Math.max(1, Math.floor(left / 2)));
    left -= amount;
    return { ...payment, amount: EUR(amount) };
  });
}

/** One way to pay; accounts of credit are known by the place of their tender. */
function drawPayment(dice: Dice, method: PaymentMethod): NewPayment {
  switch (method) {
    case 'card':
      return { method, token: dice.pick(['good1', BAD_CARD, 'good2']) };
    case 'gift_card':
      return { method, code: 'known by its account' };
    case 'store_credit':
      return { method, account: 'known by its place' };
    case 'prepaid':
      return { method, number: 'shop-1', time: '2026-01-02T03:04:05Z', paid: dice.chance(0.5) };
    case 'bank_transfer':
    case 'invoice':
    case 'cash_on_delivery':
      return { method };
  }
}
