/**
 * Parcels through EasyPost, by its official SDK. EasyPost knows no idempotency key, so every step reads before it
 * writes: our key travels as the shipment's reference and is looked for before a shipment is made, and a shipment is
 * read before its label is bought.
 */
import { z } from 'zod';
import { TRACKING_STATUSES } from '../../domain/shipment.ts';
import type { Scan } from '../../domain/shipment.ts';
import { BadSignature, instantOf } from '../inbound.ts';
import type { InboundFact, WebhookHeaders } from '../inbound.ts';
import { OutcomeUnknown } from '../outcome.ts';
import type { Outcome, Refused } from '../outcome.ts';
import type { PostalAddress } from '../../domain/address.ts';
import type { BookRequest, Booked, CarrierProvider } from './port.ts';
import { createClient, toShipment } from './easypost.client.ts';
import type { Client, EasyPostSettings, Rate, Shipment } from './easypost.client.ts';
import { apiError, refusedOrThrow } from './easypost.errors.ts';

/** Ounces in EasyPost's sense (avoirdupois). */
const GRAMS_PER_OUNCE = 28.349523125;
const OUNCES_MIN = 0.1;

/** Makes the EasyPost adapter. Refuses an unusable base URL by TypeError; makes no call. */
export function createEasyPost(settings: EasyPostSettings): CarrierProvider {
  // A slip in the settings shows at the start; the client that calls is made for each task, because its time runs.
  const verifier = createClient(settings);
  return {
    id: 'easypost',
    book: (request) => book(createClient(settings), request),
    voidLabel: (request) => voidLabel(createClient(settings), request),
    parseWebhook: (raw, headers) => parseWebhook(verifier, settings.webhookSecret, { raw, headers }),
  };
}

async function book(client: Client, request: BookRequest): Promise<Outcome<Booked>> {
  const candidate = (await existing(client, request)) ?? (await create(client, request));
  if ('ok' in candidate) return candidate;
  const shipment = await agreed(client, request, candidate);
  if (isVoid(shipment)) return refusal('LABEL_VOIDED', 'The label of this parcel was given back');
  return bookedOf(shipment) ?? (await buy(client, request, shipment));
}

/**
 * A shipment that got no rates (a parcel too heavy, an address no carrier serves) never leads to a label: after the
 * mistake is mended a retry with the same key has to make another. Nothing was bought on it, so nothing is lost.
 */
function isUsable(shipment: Shipment): boolean {
  return shipment.rates.length > 0 || isVoid(shipment) || bookedOf(shipment) !== undefined;
}

/** The shipment of an earlier try, if there is one that can still lead to a label. */
async function existing(client: Client, request: BookRequest): Promise<Shipment | undefined> {
  const known = request.providerRef === null ? undefined : await look(client, request.providerRef);
  if (known !== undefined && isUsable(known)) return known;
  const referred = await look(client, request.key);
  return referred !== undefined && isUsable(referred) ? referred : undefined;
}

/**
 * The shipment whose label may be bought. Before the label costs money its id is stored: a retry then reads this
 * shipment instead of making another, and of runs that overlap all but one find that another's stands, and use that.
 */
async function agreed(client: Client, request: BookRequest, candidate: Shipment): Promise<Shipment> {
  if (candidate.id === request.providerRef) return candidate;
  const stored = await request.onCreated(candidate.id, request.providerRef);
  if (stored === candidate.id) return candidate;
  const others = await look(client, stored);
  if (others !== undefined) return others;
  throw new OutcomeUnknown(`EasyPost book ${request.key}: ${stored} is stored but not known`, { sent: true });
}

/** One shipment by id or reference; undefined when EasyPost does not know it. */
async function look(client: Client, idOrReference: string): Promise<Shipment | undefined> {
  try {
    return toShipment(await client.sdk.Shipment.retrieve(encodeURIComponent(idOrReference)));
  } catch (error) {
    if (apiError(error)?.statusCode === 404) return undefined;
    const no = refusedOrThrow(error, `look for ${idOrReference}`, client.retryAfter());
    throw new OutcomeUnknown(`EasyPost look for ${idOrReference}: ${no.providerCode}`, {
      sent: true,
      cause: error,
    });
  }
}

async function create(client: Client, request: BookRequest): Promise<Shipment | Refused> {
  try {
    return toShipment(
      await client.sdk.Shipment.create({
        reference: request.key,
        to_address: toAddress(request.to),
        from_address: toAddress(request.from),
        parcel: { weight: ounces(request.weightGrams) },
      }),
    );
  } catch (error) {
    return refusedOrThrow(error, `create ${request.key}`, client.retryAfter());
  }
}

async function buy(client: Client, request: BookRequest, shipment: Shipment): Promise<Outcome<Booked>> {
  const rate = chooseRate(shipment.rates, request.service);
  if (rate === undefined) {
    const reasons = shipment.messages.map((message) => message.message).filter((text) => text !== '');
    return refusal('NO_RATES', reasons.join('; ') || 'No carrier offers a rate for this parcel');
  }
  try {
    const bought = bookedOf(toShipment(await client.sdk.Shipment.buy(shipment.id, rate.id)));
    if (bought !== undefined) return bought;
  } catch (error) {
    const no = refusedOrThrow(error, `buy ${request.key}`, client.retryAfter());
    if (no.providerCode !== 'SHIPMENT.POSTAGE.EXISTS') return no;
  }
  // Bought by an earlier try whose answer was lost, or the label is not in the answer: the shipment says what is true.
  const after = await look(client, shipment.id);
  const booked = after === undefined ? undefined : bookedOf(after);
  if (booked !== undefined) return booked;
  throw new OutcomeUnknown(`EasyPost buy ${request.key}: no label on ${shipment.id}`, { sent: true });
}

async function voidLabel(
  client: Client,
  request: { key: string; providerRef: string },
): Promise<Outcome<Record<never, never>>> {
  const before = await look(client, request.providerRef);
  if (before === undefined) return refusal('NOT_FOUND', 'EasyPost does not know this shipment');
  if (isVoid(before) || bookedOf(before) === undefined) return { ok: true, value: {} };
  try {
    const after = toShipment(await client.sdk.Shipment.refund(request.providerRef));
    if (after.refund_status !== 'rejected') return { ok: true, value: {} };
    return refusal('REFUND.REJECTED', 'The carrier rejected the refund of the label');
  } catch (error) {
    const no = refusedOrThrow(error, `void ${request.key}`, client.retryAfter());
    const after = await look(client, request.providerRef);
    return after !== undefined && isVoid(after) ? { ok: true, value: {} } : no;
  }
}

/** Given back already. `not_applicable` is what carriers say that bill by scan: an unscanned label costs nothing. */
function isVoid(shipment: Shipment): boolean {
  return ['submitted', 'refunded', 'not_applicable'].includes(shipment.refund_status ?? '');
}

function bookedOf(shipment: Shipment): Outcome<Booked> | undefined {
  const { tracking_code: trackingCode, postage_label: label, selected_rate: rate } = shipment;
  if (!trackingCode || !label) return undefined;
  return {
    ok: true,
    value: {
      providerRef: shipment.id,
      trackingCode,
      carrier: rate?.carrier ?? 'unknown',
      service: rate?.service ?? 'unknown',
      labelUrl: label.label_url ?? '',
    },
  };
}

/**
 * The cheapest rate of the wished service ("Priority", or "USPS Priority" to name the carrier too), else the cheapest
 * of all; undefined when there is none.
 */
export function chooseRate(rates: readonly Rate[], service: string | null): Rate | undefined {
  const usable = rates.filter((rate) => Number.isFinite(Number(rate.rate)));
  const wish = service?.trim().toLowerCase();
  const wished = usable.filter((rate) =>
    [rate.service, `${rate.carrier} ${rate.service}`].some((name) => name.toLowerCase() === wish),
  );
  const offers = wished.length > 0 ? wished : usable;
  return offers.toSorted((a, b) => Number(a.rate) - Number(b.rate))[0];
}

/** Grams to ounces with one decimal, never below the least that EasyPost takes. */
export function ounces(grams: number): number {
  return Math.max(OUNCES_MIN, Math.round((grams / GRAMS_PER_OUNCE) * 10) / 10);
}

function toAddress(address: PostalAddress): Record<string, string> {
  const fields = {
    name: address.name,
    company: address.company,
    phone: address.phone,
    email: address.email,
    street1: address.line1,
    street2: address.line2,
    city: address.city,
    state: address.region,
    zip: address.postalCode,
    country: address.country,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function refusal(providerCode: string, detail: string): Refused {
  return { ok: false, code: 'carrier_refused', providerCode, detail };
}

const EVENT = z.object({
  id: z.string().min(1),
  description: z.enum(['tracker.updated', 'tracker.created']),
  result: z.object({
    tracking_code: z.string().min(1),
    tracking_details: z.array(z.unknown()).catch([]),
  }),
});

const DETAIL = z.object({
  status: z.enum(TRACKING_STATUSES).catch('unknown'),
  status_detail: z.string().catch(''),
  // Without an offset the instant is not known, and a scan without an instant has no identity.
  datetime: z.iso.datetime({ offset: true }),
  message: z.string().catch(''),
});

function parseWebhook(
  client: Client,
  secret: string,
  message: { raw: Buffer; headers: WebhookHeaders },
): InboundFact[] {
  if (secret === '') throw new BadSignature('no EasyPost webhook secret is configured');
  let body: unknown;
  try {
    body = client.sdk.Utils.validateWebhook(message.raw, message.headers, secret);
  } catch (error) {
    throw new BadSignature('the X-Hmac-Signature does not fit the body', { cause: error });
  }
  const event = EVENT.safeParse(body);
  if (!event.success) return [];
  const scans = event.data.result.tracking_details.flatMap((detail) => toScan(detail));
  if (scans.length === 0) return [];
  return [{ kind: 'carrier_scans', sourceId: event.data.id, match: event.data.result.tracking_code, scans }];
}

/** One scan, or none when it can't be dated: no offset, no date, or a year outside 2000 to 2100. */
function toScan(detail: unknown): Scan[] {
  const parsed = DETAIL.safeParse(detail);
  if (!parsed.success) return [];
  const { status, status_detail, datetime, message } = parsed.data;
  const occurredAt = instantOf(datetime);
  return occurredAt === undefined ? [] : [{ status, detail: status_detail, occurredAt, message }];
}
