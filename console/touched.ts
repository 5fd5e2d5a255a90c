/** Which of the things on the screen a change may have changed: pure rules for live.ts. */

/** What each kind of event can change, besides the order itself. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  orders: ['order', 'payment', 'refund', 'fulfillment', 'shipment', 'case', 'step'],
  orderViews: ['order', 'fulfillment', 'shipment', 'case'],
  cases: ['case', 'step', 'order'],
  causes: ['case', 'step', 'order'],
  inventory: ['inventory', 'order', 'shipment'],
  movements: ['inventory', 'order', 'shipment'],
  report: ['order', 'case', 'payment', 'refund'],
  refunds: ['refund', 'payment'],
  disputes: ['payment', 'case'],
  receipts: ['payment', 'order'],
  creditAccounts: ['payment', 'refund'],
  creditAccount: ['payment', 'refund'],
};

/** True when something that is read under this key may be another after events of these kinds about these orders. */
export function isTouched(
  queryKey: readonly unknown[],
  kinds: ReadonlySet<string>,
  refs: ReadonlySet<string>,
): boolean {
  const [name, ref] = queryKey;
  if (name === 'order' || name === 'timeline' || name === 'refundPreview')
    return typeof ref === 'string' && refs.has(ref);
  if (typeof name !== 'string') return false;
  return LISTS[name]?.some((kind) => kinds.has(kind)) ?? false;
}

/** The second part of the key of lists that are read to be counted. */
export const WAITING = 'waiting';

const PAUSES_MILLIS: Readonly<Record<string, number>> = { orderViews: 1_000, causes: 1_000, report: 3_000 };
const PAUSE_MILLIS = 250;
const COUNT_PAUSE_MILLIS = 1_000;

/** How long something rests after it was read before it is read again: counts and reports cost more than rows. */
export function pauseMillis(queryKey: readonly unknown[]): number {
  if (queryKey[1] === WAITING) return COUNT_PAUSE_MILLIS;
  return PAUSES_MILLIS[String(queryKey[0])] ?? PAUSE_MILLIS;
}
