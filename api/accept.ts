/**
 * Accepting an order, whichever door it came in by: the channel's rules, the sums, the one statement, the start. A slot
 * for the start is taken before the order is stored, so that the relay knows to leave it alone for a moment.
 */
import { acceptedBefore } from '../db/reads/acceptedBefore.ts';
import type { AcceptResult } from '../db/writes/intake.ts';
import type { NewOrder, HistoryTimes } from '../domain/newOrder.ts';
import { canonicalSku, type Origin } from '../domain/order.ts';
import { paymentsMismatches, totalsMismatches } from '../domain/totals.ts';
import { creditAccounts, hasCredit, sealedFingerprint } from './acceptCredit.ts';
import type { OpenChannel, Services } from './deps.ts';
import { Refusal } from './problems.ts';

/** An order whose form was checked. */
export interface ToAccept {
  channel: OpenChannel;
  idempotencyKey: string;
  fingerprint: string;
  origin: Origin;
  actor: string;
  order: NewOrder;
  history?: HistoryTimes;
}

/** What accepting may end with once every refusal was thrown. */
export type Accepted = Extract<AcceptResult, { kind: 'accepted' | 'replayed' }>;

/** Accepts or replays; throws a Refusal that says what is wrong with the order. Nothing is stored then. */
export async function acceptOrder(services: Services, given: ToAccept): Promise<Accepted> {
  refuseAgainstPolicy(given);
  const result = hasCredit(given.order)
    ? await storeWithCredit(services, given)
    : await storeOrder(services, given);
  if (result.kind === 'accepted' || result.kind === 'replayed') return result;
  throw refusalOf(result, given.order);
}

/**
 * Resolves what pays by gift card or store credit first. A repeat is answered as before, although its card may have been
 * disabled or may have expired since.
 */
async function storeWithCredit(services: Services, given: ToAccept): Promise<AcceptResult> {
  const { order, channel, idempotencyKey } = given;
  const fingerprint = sealedFingerprint(services.masterKey, given.fingerprint);
  const accounts = await creditAccounts(services, order);
  if (!(accounts instanceof Refusal)) return storeOrder(services, { ...given, fingerprint }, accounts);
  const keys = { channel: channel.row.id, idempotencyKey, fingerprint, externalId: order.externalId };
  const before = await acceptedBefore(services.db, keys);
  if (before?.kind === 'replayed') return before;
  throw accounts;
}

/** The channel's rules and the sums. */
function refuseAgainstPolicy({ channel, order }: ToAccept): void {
  const { policy } = channel;
  if (order.lines.length > policy.linesMax)
    throw new Refusal('too_many_lines', {
      detail: `at most ${policy.linesMax}`,
      errors: [{ pointer: '/lines', detail: `has ${order.lines.length} lines` }],
    });
  if (policy.currencies.length > 0 && !policy.currencies.includes(order.currency))
    throw new Refusal('currency_not_allowed', {
      errors: [{ pointer: '/currency', detail: `the channel sells in ${policy.currencies.join(', ')}` }],
    });
  const errors = totalsMismatches(order);
  if (errors.length > 0) throw new Refusal('totals_mismatch', { errors });
  const ways = paymentsMismatches(order);
  if (ways.length > 0) throw new Refusal('payments_mismatch', { errors: ways });
}

/** Stores the order and starts its workflow; nothing of what is given is checked again. */
async function storeOrder(
  services: Services,
  given: ToAccept,
  accounts?: ReadonlyMap<number, string>,
): Promise<AcceptResult> {
  const isUrgent = given.origin === 'api' || given.origin === 'shopify';
  const hasSlot = isUrgent && services.starter.takeSlot();
  let isStarting = false;
  try {
    const { channel, ...rest } = given;
    const result = await services.intake.accept({
      ...rest,
      channel: channel.row.id,
      timeZone: channel.row.time_zone,
      policyVersion: channel.row.policy_version,
      hasSlot,
      ...(accounts && { accounts }),
    });
    if (result.kind === 'accepted') {
      services.metrics.accepted.inc({ door: given.origin });
      isStarting = hasSlot;
      if (hasSlot) services.starter.start(result.ref);
    }
    return result;
  } finally {
    if (hasSlot && !isStarting) services.starter.releaseSlot();
  }
}

function refusalOf(result: Exclude<AcceptResult, Accepted>, order: NewOrder): Refusal {
  switch (result.kind) {
    case 'key_reused':
      return new Refusal('idempotency_key_reused');
    case 'external_id_taken':
      return new Refusal('external_id_taken', { extra: { orderId: result.orderId } });
    case 'unknown_skus': {
      const unknown = new Set(result.skus);
      return new Refusal('unknown_sku', {
        errors: order.lines.flatMap((line, index) =>
          unknown.has(canonicalSku(line.sku))
            ? [{ pointer: `/lines/${index}/sku`, detail: 'is not in the catalogue' }]
            : [],
        ),
      });
    }
  }
}

/** The channel of a key; its row must exist, since keys refer to it. */
export async function openChannel(services: Services, id: string | null): Promise<OpenChannel> {
  const found = id === null ? undefined : services.channels.get(id);
  const channel = found instanceof Promise ? await found : found;
  if (!channel) throw new Refusal('forbidden', { detail: "needs a channel's key" });
  return channel;
}
