/** EasyPost's wire format, as far as buying a label and hearing about its parcel needs it: objects, rates, errors. */
import { z } from 'zod';
import { TRACKING_STATUSES } from '../domain/shipment.ts';
import type { Answer } from './server.ts';

const TEXT = z.string().max(500).nullish();
const ADDRESS = z.object({
  name: TEXT,
  company: TEXT,
  street1: TEXT,
  street2: TEXT,
  city: TEXT,
  state: TEXT,
  zip: TEXT,
  country: TEXT,
  phone: TEXT,
  email: TEXT,
});
export type Address = z.infer<typeof ADDRESS>;

/** The body of POST /v2/shipments. */
export const SHIPMENT_BODY = z.object({
  shipment: z.object({
    reference: TEXT,
    to_address: ADDRESS,
    from_address: ADDRESS,
    parcel: z.object({ weight: z.coerce.number() }),
  }),
});

/** The body of POST /v2/shipments/{id}/buy. */
export const BUY_BODY = z.object({ rate: z.object({ id: z.string() }) });

const RATE = z.object({ id: z.string(), carrier: z.string(), service: z.string(), rate: z.string() });
export type Rate = z.infer<typeof RATE>;

/** One scan of a parcel. */
export const DETAIL = z.object({
  status: z.enum(TRACKING_STATUSES),
  status_detail: z.string(),
  datetime: z.string(),
  message: z.string(),
});
export type Detail = z.infer<typeof DETAIL>;

/** A bought label's tracker with every scan so far. */
export const TRACKER = z.object({
  id: z.string(),
  shipmentId: z.string(),
  trackingCode: z.string(),
  carrier: z.string(),
  details: z.array(DETAIL),
});
export type Tracker = z.infer<typeof TRACKER>;

/** A shipment as the simulator keeps it. */
export const SHIPMENT = z.object({
  id: z.string(),
  reference: z.string().nullable(),
  created: z.string(),
  to: ADDRESS,
  from: ADDRESS,
  /** Ounces. */
  weight: z.number(),
  rates: z.array(RATE),
  bought: z.object({ rateId: z.string(), trackerId: z.string(), trackingCode: z.string() }).nullable(),
  refundStatus: z.enum(['submitted', 'refunded']).nullable(),
});
export type Shipment = z.infer<typeof SHIPMENT>;

/** What a carrier asks for a parcel: a base price, a price per pound, and the heaviest it takes in ounces. */
const OFFERS = [
  { carrier: 'USPS', service: 'GroundAdvantage', baseCents: 593, centsPerPound: 42, ouncesMax: 1120 },
  { carrier: 'USPS', service: 'Priority', baseCents: 690, centsPerPound: 95, ouncesMax: 1120 },
  { carrier: 'USPS', service: 'Express', baseCents: 3310, centsPerPound: 210, ouncesMax: 1120 },
  { carrier: 'UPS', service: 'Ground', baseCents: 890, centsPerPound: 61, ouncesMax: 160_000 },
] as const;

/** The rates for a weight in ounces; none above what the largest carrier takes. */
export function ratesFor(ounces: number, makeId: () => string): Rate[] {
  const pounds = Math.ceil(ounces / 16);
  return OFFERS.filter((offer) => ounces <= offer.ouncesMax).map((offer) => ({
    id: makeId(),
    carrier: offer.carrier,
    service: offer.service,
    rate: ((offer.baseCents + offer.centsPerPound * pounds) / 100).toFixed(2),
  }));
}

/** A shipment on the wire; `tracker` is there once a label was bought, `url` is this server's own. */
export function shipmentJson(
  shipment: Shipment,
  tracker: Tracker | undefined,
  url: string,
): Record<string, unknown> {
  const rates = shipment.rates.map((rate) => ({
    ...rate,
    object: 'Rate',
    mode: 'test',
    currency: 'USD',
    shipment_id: shipment.id,
  }));
  const bought = shipment.bought;
  return {
    id: shipment.id,
    object: 'Shipment',
    mode: 'test',
    created_at: shipment.created,
    reference: shipment.reference,
    status: tracker?.details.at(-1)?.status ?? 'unknown',
    tracking_code: bought?.trackingCode ?? null,
    to_address: addressJson(shipment.to),
    from_address: addressJson(shipment.from),
    parcel: { object: 'Parcel', weight: shipment.weight, mode: 'test' },
    rates,
    selected_rate: rates.find((rate) => rate.id === bought?.rateId) ?? null,
    postage_label:
      bought === null
        ? null
        : {
            object: 'PostageLabel',
            label_url: `${url}/_labels/${shipment.id}.svg`,
            label_file_type: 'image/svg+xml',
          },
    tracker: tracker === undefined ? null : trackerJson(tracker),
    refund_status: shipment.refundStatus,
    messages:
      rates.length > 0
        ? []
        : [{ type: 'rate_error', carrier: 'UPS', message: 'The parcel is heavier than any carrier takes' }],
    fees: [],
    forms: [],
  };
}

function addressJson(address: Address): Record<string, unknown> {
  return { object: 'Address', mode: 'test', ...address };
}

/** A tracker on the wire. */
export function trackerJson(tracker: Tracker): Record<string, unknown> {
  const last = tracker.details.at(-1);
  return {
    id: tracker.id,
    object: 'Tracker',
    mode: 'test',
    tracking_code: tracker.trackingCode,
    status: last?.status ?? 'unknown',
    status_detail: last?.status_detail ?? 'unknown',
    created_at: tracker.details[0]?.datetime ?? null,
    updated_at: last?.datetime ?? null,
    signed_by: last?.status === 'delivered' ? 'THE RECIPIENT' : null,
    weight: null,
    est_delivery_date: null,
    shipment_id: tracker.shipmentId,
    carrier: tracker.carrier,
    tracking_details: tracker.details.map((detail) => ({
      object: 'TrackingDetail',
      ...detail,
      description: detail.message,
      source: tracker.carrier,
      carrier_code: '',
      tracking_location: { object: 'TrackingLocation', city: null, state: null, country: null, zip: null },
    })),
    fees: [],
  };
}

/** An error in EasyPost's shape. */
export function errorAnswer(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message, errors: [] } } };
}

/** The refusal for an address that can't be shipped to or from; undefined when it can. */
export function addressProblem(address: Address, which: 'to_address' | 'from_address'): Answer | undefined {
  const empty = (['street1', 'city', 'country'] as const).filter((field) => !address[field]?.trim());
  if (empty.length > 0) {
    const errors = empty.map((field) => ({ field, message: 'cannot be blank' }));
    const message = `Missing required fields of ${which}: ${empty.join(', ')}`;
    return { status: 422, body: { error: { code: 'ADDRESS.PARAMETERS.INVALID', message, errors } } };
  }
  if (!/^[A-Z]{2}$/.test(address.country ?? ''))
    return errorAnswer(
      422,
      'ADDRESS.COUNTRY.INVALID',
      "Invalid 'country', please provide a 2 character ISO country code.",
    );
  return undefined;
}

/** A drawn label: enough to be opened and recognised, without personal data. */
export function labelSvg(shipment: Shipment): string {
  const rate = shipment.rates.find((offer) => offer.id === shipment.bought?.rateId);
  const code = shipment.bought?.trackingCode ?? '';
  const bars = [...code].map((digit, index) => {
    const width = 2 + (Number(digit) % 4);
    return `<rect x="${20 + index * 12}" y="150" width="${width}" height="90"/>`;
  });
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300" font-family="monospace">',
    '<rect width="300" height="300" fill="white" stroke="black"/>',
    `<text x="20" y="40" font-size="22">${rate?.carrier ?? ''} ${rate?.service ?? ''}</text>`,
    '<text x="20" y="70" font-size="12">SIMULATED LABEL, NOT POSTAGE</text>',
    `<text x="20" y="270" font-size="16">${code}</text>`,
    ...bars,
    '</svg>',
  ].join('\n');
}
