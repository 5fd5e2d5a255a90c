/** Recording receipts of a request: each row has its own result, and a bad one stops none of the others. */
import { readReceipts, type ReceiptRow } from '../db/reads/receipts.ts';
import { storeReceipt, type ReceiptCaller, type StoredReceipt } from '../db/writes/receipts.ts';
import type { AcceptedRef } from '../db/writes/intake.ts';
import type { FailureCode } from '../domain/failures.ts';
import { FAILURES } from '../domain/failures.ts';
import type { Principal } from './auth.ts';
import { cardNumbersIn, check } from './check.ts';
import { bounded } from './command.ts';
import type { Services } from './deps.ts';
import { isFailureCode } from './problems.ts';
import { NewReceiptBody, type ReceiptResults } from './schemas/receipts.ts';
import { showReceipt } from './show/receipts.ts';
import { sightOf } from './sight.ts';

const ANSWER_MILLIS = 2_000;
/** Of more orders than this nobody waits for the answer: they are rung, and book within seconds. */
const AWAITED_ORDERS_MAX = 20;

type Result = ReceiptResults['results'][number];

/** Records the rows one after the other, and says of each what became of it. An outage is thrown: all of it may be sent again. */
export async function recordReceipts(
  services: Services,
  rows: readonly unknown[],
  { principal, caller }: { principal: Principal; caller: ReceiptCaller },
): Promise<Result[]> {
  const stored: StoredReceipt[] = [];
  const beside = new Set<string>();
  for (const row of rows) {
    const one = await recordOne(services, row, { ...caller, beside });
    if ('id' in one) beside.add(one.id);
    stored.push(one);
  }
  await tellOrders(
    services,
    stored.flatMap((one) => (one.kind === 'given' ? [one] : [])),
  );
  const ids = stored.flatMap((one) => ('id' in one ? [one.id] : []));
  const found = await readReceipts(services.db, ids, { channel: principal.channel, actor: principal.actor });
  return stored.map((one, index) => resultOf(one, { index, found, principal }));
}

async function recordOne(services: Services, row: unknown, caller: ReceiptCaller): Promise<StoredReceipt> {
  const cards = cardNumbersIn(row);
  if (cards[0]) return { kind: 'refused', code: 'card_number', detail: `at ${cards[0].pointer}` };
  const checked = check(NewReceiptBody, row);
  if (!checked.ok) {
    const detail = checked.errors.map((one) => `${one.pointer.slice(1)} ${one.detail}`).join('; ');
    return { kind: 'refused', code: 'invalid', detail: detail.slice(0, 500) };
  }
  const { amount: amountMinor, ...given } = checked.value;
  return storeReceipt(services.db, { ...given, amountMinor }, caller);
}

/** Lets the orders book what came, and waits a bounded time for it. What is not told here, the relay tells within seconds. */
export async function tellOrders(
  services: Services,
  given: readonly { ref: AcceptedRef; messageId: string }[],
): Promise<void> {
  // Of one order the last message is enough: its inbox is taken in sequence.
  const orders = [...new Map(given.map((one) => [one.ref.orderId, one])).values()];
  const { lane } = services;
  if (!lane || orders.length > AWAITED_ORDERS_MAX) {
    for (const { ref } of orders) services.doorbell.ring(ref);
    return;
  }
  await Promise.all(
    orders.map(({ ref, messageId }) => bounded(lane.command(ref, messageId, ANSWER_MILLIS), ANSWER_MILLIS)),
  );
}

interface Around {
  index: number;
  found: ReadonlyMap<string, ReceiptRow>;
  principal: Principal;
}

function resultOf(one: StoredReceipt, { index, found, principal }: Around): Result {
  if (one.kind === 'refused') return refused(index, one.code, one.detail);
  const row = found.get(one.id);
  // Somebody else's receipt has this number: that there is one is all that may be said.
  if (!row) return refused(index, 'already_exists', 'a receipt with this number was recorded');
  const receipt = showReceipt(row, sightOf(principal));
  if (one.kind === 'repeated') return { index, result: 'repeated', receipt, problem: null };
  if (row.state === 'booked' || row.state === 'given')
    return { index, result: row.state, receipt, problem: null };
  const code = row.problem ?? 'receipt_mismatch';
  const detail = one.kind === 'unmatched' ? one.detail : titleOf(code);
  return { index, result: 'unmatched', receipt, problem: { code, detail } };
}

function titleOf(code: string): string {
  return isFailureCode(code) ? FAILURES[code].title : code;
}

function refused(index: number, code: FailureCode, detail: string): Result {
  return { index, result: 'refused', receipt: null, problem: { code, detail } };
}
