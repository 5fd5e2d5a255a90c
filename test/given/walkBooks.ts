/**
 * What is true of the money of a walking order, whatever happened to it: what the books say beside what the gateway and the
 * credit accounts have.
 */
import { checkLedger } from '../../db/reads/ledgerCheck.ts';
import { withOrder } from '../../db/writes/order.ts';
import { isHeld, isOffline } from '../../domain/method.ts';
import { isTerminal, type Lifecycle, type PaymentMethod } from '../../domain/order.ts';
import { isAtRest } from '../../domain/waits.ts';
import { CLOSING_NOTE, rowsOf, type Walk } from './walkMoves.ts';
import { backMinor } from './walkWorld.ts';

interface OrderRow {
  lifecycle: Lifecycle;
  payment_method: PaymentMethod;
  payment_paid: boolean;
  due_at: Date | null;
  tenders: { seq: number; method: PaymentMethod; amountMinor: number }[] | null;
}

interface PaymentRow {
  id: string;
  method: PaymentMethod;
  tender: number;
  share: string | null;
  shareMinor: number | null;
  provider_ref: string | null;
  capturedMinor: number;
  refundedMinor: number;
  claimedMinor: number;
}

/** Money somewhere outside the books: set aside, taken and given back, of one payment. */
interface Truth {
  ref: string;
  heldMinor: number;
  takenMinor: number;
  backMinor: number;
}

/** The order with its payments in our books, and the same payments where the money is. */
interface Books {
  order: OrderRow;
  payments: PaymentRow[];
  truths: Truth[];
  /** What the tender that is awaited and paid offline comes to; null where there is none. */
  offlineMinor: number | null;
  receivedMinor: number;
  /** What gateways took too little of payments and a person has let be. */
  waivedMinor: number;
  /** Codes of all cases the order ever had. */
  cases: Set<string>;
}

const sum = <T>(list: readonly T[], minor: (one: T) => number) =>
  list.reduce((total, one) => total + minor(one), 0);

async function readBooks(walk: Walk): Promise<Books> {
  const [[order], payments, holds, [receipts], [waived], cases] = await Promise.all([
    rowsOf<OrderRow>(
      walk,
      'select lifecycle, payment_method, payment_paid, due_at, tenders from orders where id = $1',
    ),
    rowsOf<PaymentRow>(
      walk,
      `select p.id, p.method, p.tender, p.fulfillment_id as share, f.amount_minor::float8 as "shareMinor", p.provider_ref,
         p.captured_minor::float8 as "capturedMinor", p.refunded_minor::float8 as "refundedMinor",
         p.refund_claimed_minor::float8 as "claimedMinor"
       from payments p left join fulfillment_orders f on f.id = p.fulfillment_id
       where p.order_id = $1 order by p.created_at, p.id`,
    ),
    rowsOf<Truth>(
      walk,
      `select id as ref, (case state when 'held' then amount_minor else 0 end)::float8 as "heldMinor",
         taken_minor::float8 as "takenMinor", given_back_minor::float8 as "backMinor" from credit_holds where order_id = $1`,
    ),
    rowsOf<{ minor: number }>(
      walk,
      `select coalesce(sum(amount_minor), 0)::float8 as minor from receipts where order_id = $1 and state = 'booked'`,
    ),
    rowsOf<{ minor: number }>(
      walk,
      `select coalesce(sum(amount_minor - captured_minor), 0)::float8 as minor from payments p where order_id = $1
       and exists (select from cases c where c.order_id = $1 and c.subject = p.id and c.code = 'amount_mismatch' and c.resolution = $2)`,
      CLOSING_NOTE,
    ),
    rowsOf<{ code: string }>(walk, 'select distinct code from cases where order_id = $1'),
  ]);
  if (!order) throw new Error('the order is gone');
  const kept = [...walk.world.payments.values()].map((one) => ({
    ref: one.providerRef,
    heldMinor: one.state === 'authorized' ? one.amountMinor : 0,
    takenMinor: one.capturedMinor,
    backMinor: backMinor(one),
  }));
  const tenders = order.tenders ?? [
    { seq: 1, method: order.payment_method, amountMinor: walk.ref.totalMinor },
  ];
  return {
    ...{ order, payments, truths: [...kept, ...holds], receivedMinor: receipts?.minor ?? 0 },
    offlineMinor: tenders.find((one) => isOffline(one.method))?.amountMinor ?? null,
    waivedMinor: waived?.minor ?? 0,
    cases: new Set(cases.map((one) => one.code)),
  };
}

/** What is wrong in any state; empty when all is well. */
export async function wrongNow(walk: Walk): Promise<string[]> {
  const books = await readBooks(walk);
  const { order, offlineMinor, receivedMinor } = books;
  const wrong = [...tooMuch(walk, books)];
  if (books.cases.has('order_broken')) wrong.push('the order broke');
  const offline = books.payments.filter((one) => isOffline(one.method));
  const offlineBookedMinor = sum(offline, (one) => one.capturedMinor);
  if (offlineBookedMinor !== receivedMinor)
    wrong.push(`${receivedMinor} by receipts, ${offlineBookedMinor} in the books`);
  if (isTerminal(order.lifecycle)) return wrong;
  if (order.due_at === null && !isAtRest(await withOrder(walk.db.pool, walk.ref.orderId)))
    wrong.push('an open order that is never looked at again');
  if (offlineMinor === null || !isOffline(order.payment_method)) return wrong;
  if (order.payment_paid && receivedMinor < offlineMinor)
    wrong.push(`paid with ${receivedMinor} of ${offlineMinor}`);
  const backByHandMinor = sum(offline, (one) => one.claimedMinor);
  if (!order.payment_paid && receivedMinor - backByHandMinor >= offlineMinor)
    wrong.push(`not paid with ${receivedMinor} of ${offlineMinor}`);
  return wrong;
}

/**
 * No card and no account is charged for more than the order or its tender comes to. The only excuse: the gateway took a payment
 * that nobody asked it for, and a person was told.
 */
function* tooMuch(walk: Walk, { order, payments, truths, cases }: Books): Generator<string> {
  const takenMinor = sum(truths, (one) => one.takenMinor);
  const { totalMinor } = walk.ref;
  if (walk.world.tookUnasked && cases.has('overpaid')) return;
  if (takenMinor > totalMinor) yield `took ${takenMinor} of ${totalMinor}`;
  for (const { seq, amountMinor } of order.tenders ?? [{ seq: 1, amountMinor: totalMinor }]) {
    const legs = payments.filter((one) => isHeld(one.method) && one.tender === seq);
    const legsMinor = sum(legs, (one) => one.capturedMinor);
    if (legsMinor > amountMinor) yield `tender ${seq} took ${legsMinor} of ${amountMinor}`;
  }
  for (const { share, shareMinor } of payments) {
    const legs = payments.filter((one) => share !== null && one.share === share);
    const legsMinor = sum(legs, (one) => one.capturedMinor);
    if (legsMinor > (shareMinor ?? 0)) yield `for ${share} took ${legsMinor} of ${shareMinor}`;
  }
}

/** What is wrong once the order has ended in a calm world, or has come to where only people get it further. */
export async function wrongAtEnd(walk: Walk, wrongRowsBefore: number): Promise<string[]> {
  const books = await readBooks(walk);
  const { order } = books;
  const ledger = await checkLedger(walk.db.pool);
  const wrong = await wrongNow(walk);
  if (ledger.wrong > wrongRowsBefore)
    wrong.push(`the ledger: ${JSON.stringify(ledger.problems.slice(wrongRowsBefore))}`);
  if (isTerminal(order.lifecycle)) wrong.push(...apart(books));
  if (order.lifecycle === 'completed') wrong.push(...wrongCompleted(walk, books));
  else if (isTerminal(order.lifecycle)) wrong.push(...wrongUndone(books));
  return wrong;
}

/** Of each payment the books say what is true; what nobody booked does not exist. */
function* apart({ payments, truths }: Books): Generator<string> {
  for (const { ref, takenMinor, backMinor } of truths) {
    const booked = payments.find((one) => one.provider_ref === ref);
    const [taken, back] = [booked?.capturedMinor ?? 0, booked?.refundedMinor ?? 0];
    if (taken !== takenMinor) yield `${ref}: ${taken} taken in the books, ${takenMinor} in truth`;
    if (back !== backMinor) yield `${ref}: ${back} given back in the books, ${backMinor} in truth`;
  }
}

/**
 * A completed order was paid to the penny, and nothing is held any more. The two excuses: receipts brought more and a person was
 * told, or a gateway took less of a payment and a person has let that be.
 */
function* wrongCompleted(walk: Walk, { payments, truths, cases, waivedMinor }: Books): Generator<string> {
  const paidMinor = sum(payments, (one) => one.capturedMinor);
  const { totalMinor } = walk.ref;
  if (paidMinor > totalMinor && !cases.has('overpaid')) yield `completed with ${paidMinor} of ${totalMinor}`;
  if (paidMinor + waivedMinor < totalMinor)
    yield `completed with ${paidMinor} of ${totalMinor}, ${waivedMinor} waived`;
  const heldMinor = sum(truths, (one) => one.heldMinor);
  if (heldMinor > 0) yield `completed and ${heldMinor} still held`;
}

/** Of an order that was undone nothing is held, and everything that was taken went back or is on its way by hand. */
function* wrongUndone({ payments, truths }: Books): Generator<string> {
  for (const { ref, heldMinor, takenMinor, backMinor } of truths) {
    if (heldMinor > 0) yield `undone and ${ref} still holds ${heldMinor}`;
    if (takenMinor !== backMinor) yield `undone and ${takenMinor - backMinor} of ${ref} kept`;
  }
  for (const { id, capturedMinor, claimedMinor } of payments)
    if (capturedMinor !== claimedMinor) yield `undone and ${capturedMinor - claimedMinor} of ${id} kept`;
}

/** Where the order stands. */
export async function lifecycleOf(walk: Walk): Promise<Lifecycle> {
  return (await readBooks(walk)).order.lifecycle;
}
