/**
 * Webhooks of outside systems: verify over the raw bytes, store the facts, ring, answer. The answer is fast and says
 * nothing of what the facts lead to; a repeat is 200 and changes nothing.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { storeFacts, type FactSource } from '../../db/writes/messages.ts';
import { storePayouts } from '../../db/writes/payouts.ts';
import { maskCardNumbers } from '../../domain/cardNumber.ts';
import type { InboundFact, OrderFact, WebhookHeaders } from '../../providers/inbound.ts';
import { isUnstorable, storable } from '../check.ts';
import type { Services, WebhookParser } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { signedRoute, type Route } from '../route.ts';
import { noParams, noQuery } from '../schemas/fields.ts';
import { WebhookBody } from '../schemas/feeds.ts';

const anyBody = z.record(z.string(), z.unknown());

/** One route a provider. */
export function webhookRoutes(services: Services): Route[] {
  const senders: readonly [keyof Services['parsers'], FactSource, string][] = [
    ['stripe', 'payment', 'Stripe events'],
    ['easypost', 'carrier', 'EasyPost events'],
    ['warehouse', 'warehouse', 'Warehouse reports'],
  ];
  return senders.map(([name, source, summary]) =>
    signedRoute({
      method: 'post',
      path: `/v1/webhooks/${name}`,
      summary,
      description: 'For the outside system itself; the signature is over the raw bytes.',
      tag: 'Webhooks',
      params: noParams,
      query: noQuery,
      body: anyBody,
      answers: { 200: WebhookBody },
      problems: [],
      async handler({ raw, headers }) {
        const facts = parse(services.parsers[name], raw, headers);
        const payouts = facts.flatMap((fact) => (fact.kind === 'payout' ? [fact.payout] : []));
        await storePayouts(services.db, name, payouts);
        const stored = await storeFacts(services.db, source, facts.filter(isOfOrder));
        for (const one of stored) if (one.ref) services.doorbell.ring(one.ref);
        const fresh = stored.filter((one) => one.outcome !== 'repeated').length + payouts.length;
        return { status: 200, body: { received: fresh } };
      },
    }),
  );
}

/** Verifies and translates; a rightly signed body that can't be read, or whose names can't be stored, is the sender's mistake. */
function parse(parser: WebhookParser, raw: Buffer, headers: IncomingHttpHeaders): InboundFact[] {
  try {
    const facts = parser(raw, singleHeaders(headers));
    if (facts.some((fact) => isUnstorable(fact.match) || isUnstorable(fact.sourceId)))
      throw new Refusal('malformed_json');
    return facts.map(cleaned);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (error instanceof Error && error.name === 'BadSignature') throw new Refusal('bad_signature');
    throw new Refusal('malformed_json');
  }
}

/** Payouts belong to no order, so they are not in the inbox of one. */
function isOfOrder(fact: InboundFact): fact is OrderFact {
  return fact.kind !== 'payout';
}

/**
 * The fact with its free text made storable and without card numbers: a sender repeats what it was refused for, so one odd
 * character in a note would keep the fact out for ever. Names are not mended: with another name it would be another fact.
 */
function cleaned(fact: InboundFact): InboundFact {
  switch (fact.kind) {
    case 'warehouse_report':
      return fact.note === undefined ? fact : { ...fact, note: readable(fact.note) };
    case 'carrier_scans':
      return {
        ...fact,
        scans: fact.scans.map((scan) => ({
          ...scan,
          detail: readable(scan.detail),
          message: readable(scan.message),
        })),
      };
    case 'payment_event':
      return { ...fact, type: storable(fact.type) };
    case 'payout':
      return fact;
  }
}

/** Free text that can be stored: without what PostgreSQL can't hold, card numbers masked. */
function readable(text: string): string {
  return maskCardNumbers(storable(text));
}

/** Node gives some headers as lists; signatures come once. */
function singleHeaders(headers: IncomingHttpHeaders): WebhookHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
