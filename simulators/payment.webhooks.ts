/** The gateway's webhooks: which events an entry of its ledger leads to, signed as Stripe signs them. */
import { createHmac } from 'node:crypto';
import type { Callback } from './callbacks.ts';
import { eventId } from './ids.ts';
import type { Move, PaymentEntry } from './payment.books.ts';
import { chargeJson, disputeJson, intentJson, payoutJson, refundJson } from './payment.wire.ts';

interface Event {
  type: string;
  object: Record<string, unknown>;
}

/** The webhooks of an entry; they depend on the entry alone, since they are made again after a restart. */
export function webhooksOf(entry: PaymentEntry, secret: string): Callback[] {
  if (entry.kind === 'payout') {
    const { payout } = entry;
    const type = `payout.${ENDS.includes(payout.status) ? payout.status : 'created'}`;
    const about = { id: eventId('evt', payout.id, entry.seq), subject: [type, payout.id], key: null };
    return [callback(entry.at, { type, object: payoutJson(payout) }, { ...about, secret })];
  }
  if (!('intent' in entry)) return [];
  const key = entry.stored?.key ?? null;
  return eventsOf(entry).map((event, index) => {
    const name = index === 0 ? entry.intent.id : `${entry.intent.id}/${event.type}`;
    const subject = [event.type, entry.intent.id, key, ...Object.values(entry.intent.metadata)];
    return callback(entry.at, event, { id: eventId('evt', name, entry.seq), subject, key, secret });
  });
}

/** States of a payout that have an event of their own. */
const ENDS: readonly string[] = ['paid', 'failed', 'canceled'];

function eventsOf(entry: Move): Event[] {
  const intent = (type: string): Event => ({
    type: `payment_intent.${type}`,
    object: intentJson(entry.intent, []),
  });
  const charge = (type: string): Event => ({ type: `charge.${type}`, object: chargeJson(entry.intent) });
  switch (entry.kind) {
    case 'authorized':
      return [intent('amount_capturable_updated')];
    case 'declined':
      return [intent('payment_failed')];
    case 'action_required':
      return [intent('requires_action')];
    case 'captured':
      return [intent('succeeded')];
    case 'voided':
      return [intent('canceled')];
    case 'expired':
      return [intent('canceled'), charge('expired')];
    case 'refund_pending':
    case 'refunded':
    case 'refund_failed':
    case 'refund_reversed':
      return refundEvents(entry, charge('refunded'));
    case 'disputed':
    case 'dispute_won':
    case 'dispute_lost':
    case 'inquiry_opened':
    case 'inquiry_closed': {
      const object = disputeJson(entry.dispute);
      return DISPUTE_EVENTS[entry.kind].map((type) => ({ type: `charge.dispute.${type}`, object }));
    }
  }
}

const DISPUTE_EVENTS = {
  disputed: ['created', 'funds_withdrawn'],
  dispute_won: ['closed', 'funds_reinstated'],
  dispute_lost: ['closed'],
  inquiry_opened: ['created'],
  inquiry_closed: ['closed'],
};

function refundEvents(entry: Extract<Move, { refund: unknown }>, charged: Event): Event[] {
  const object = refundJson(entry.refund);
  const refund = (type: string): Event => ({ type: `refund.${type}`, object });
  const wasPending = entry.refund.ends !== null;
  switch (entry.kind) {
    case 'refund_pending':
      return [refund('created'), charged];
    case 'refunded':
      return wasPending ? [refund('updated')] : [refund('created'), charged];
    case 'refund_failed':
      return [refund(wasPending ? 'updated' : 'created'), refund('failed')];
    case 'refund_reversed':
      return [refund('updated'), refund('failed')];
  }
}

function callback(
  at: string,
  { type, object }: Event,
  about: { id: string; subject: (string | null)[]; key: string | null; secret: string },
): Callback {
  const body = JSON.stringify({
    id: about.id,
    object: 'event',
    api_version: '2024-06-20',
    created: Math.floor(Date.parse(at) / 1000),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: about.key },
    type,
  });
  return {
    id: about.id,
    path: '/v1/webhooks/stripe',
    subject: about.subject.join(' '),
    body,
    sign(now) {
      const seconds = Math.floor(now.getTime() / 1000);
      const signature = createHmac('sha256', about.secret).update(`${seconds}.${body}`).digest('hex');
      return { 'stripe-signature': `t=${seconds},v1=${signature}` };
    },
  };
}
