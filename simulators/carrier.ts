/**
 * The carrier: EasyPost's wire format for shipments, labels, refunds and trackers, and no kinder than it: a second
 * create makes a second shipment (a reference finds the first), a second buy is refused, a parcel on its way can't be
 * refunded. `POST /_handover` stands for the physical world: the warehouse gives the parcel to the driver.
 *
 * Demo markers in the recipient's first address line: LOST, DAMAGED and RETURN end the parcel that way; so does a
 * fault {operation: "track", kind: "decline", detail: "lost" | "damaged" | "returned" | "refused"}.
 */
import { createHmac } from 'node:crypto';
import express from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import type { Callback } from './callbacks.ts';
import { CARRIER_ENTRY, createCarrierBooks } from './carrier.books.ts';
import type { CarrierBooks, CarrierEntry } from './carrier.books.ts';
import { BUY_BODY, SHIPMENT_BODY, addressProblem, errorAnswer, labelSvg } from './carrier.wire.ts';
import { ratesFor, shipmentJson, trackerJson } from './carrier.wire.ts';
import type { Shipment, Tracker } from './carrier.wire.ts';
import { armJourney, firstDetail, startJourney } from './carrier.journey.ts';
import type { Fault } from './faults.ts';
import { easyPostId, eventId, trackingCode } from './ids.ts';
import { Refusal } from './server.ts';
import type { Answer, Route } from './server.ts';
import { startSimulator } from './simulator.ts';
import type { Simulator, SimulatorOptions, Tools } from './simulator.ts';

interface Carrier {
  books: CarrierBooks;
  tools: Tools<CarrierEntry>;
  apiKey: string;
  url(): string;
}

/** Starts the carrier. `secret` signs its webhooks. */
export function startCarrier(
  options: SimulatorOptions & { apiKey: string; secret: string },
): Promise<Simulator> {
  const books = createCarrierBooks();
  return startSimulator<CarrierEntry>(options, {
    name: 'carrier',
    parse: (line) => CARRIER_ENTRY.parse(line),
    apply: books.apply,
    bodies: express.json({ limit: '200kb' }),
    summary: books.summary,
    broken: (message) => errorAnswer(500, 'INTERNAL_SERVER_ERROR', message),
    callbacksOf: (entry) => webhooks(entry, options.secret),
    delivered: (callback) => ({ kind: 'callback_delivered', callback }),
    deliveredBy: (entry) => (entry.kind === 'callback_delivered' ? entry.callback : undefined),
    routes: (tools, url) => routes({ books, tools, apiKey: options.apiKey, url }),
    resume: (tools) => {
      for (const tracker of books.trackers())
        if (books.hasLeft(tracker.id)) armJourney({ books, tools }, tracker);
    },
  });
}

type Act = (carrier: Carrier, req: Request, fault: Fault | undefined) => Answer;

function routes(carrier: Carrier): Route[] {
  const route = (to: `${'get' | 'post'} ${string}`, name: string, act: Act): Route => ({
    method: to.startsWith('get ') ? 'get' : 'post',
    path: to.slice(to.indexOf(' ') + 1),
    describe(req) {
      checkKey(carrier, req);
      const known = carrier.books.shipment(String(req.params['id']));
      return {
        name,
        subject: [req.originalUrl, known?.reference, JSON.stringify(req.body ?? {})].join(' '),
        run: (fault) => (fault?.kind === 'error500' ? BROKEN : act(carrier, req, fault)),
      };
    },
  });
  return [
    route('post /v2/shipments', 'create', create),
    route('post /v2/shipments/:id/buy', 'buy', buy),
    route('post /v2/shipments/:id/refund', 'refund', refund),
    route('get /v2/shipments/:id', 'retrieve', (_c, req) => {
      const shipment = carrier.books.shipment(String(req.params['id']));
      return shipment === undefined ? NOT_FOUND : shown(carrier, shipment, 200);
    }),
    route('get /v2/trackers', 'list', () => ({
      status: 200,
      body: {
        trackers: carrier.books.trackers().slice(-100).toReversed().map(trackerJson),
        has_more: carrier.books.trackers().length > 100,
      },
    })),
    route('get /v2/trackers/:id', 'retrieve', (_c, req) => {
      const tracker = carrier.books.tracker(String(req.params['id']));
      return tracker === undefined ? NOT_FOUND : { status: 200, body: trackerJson(tracker) };
    }),
    { method: 'get', path: '/_labels/:file', describe: (req) => label(carrier, req) },
    { method: 'post', path: '/_handover', describe: (req) => handover(carrier, req) },
  ];
}

const NOT_FOUND = errorAnswer(404, 'NOT_FOUND', 'The requested resource could not be found.');
const BROKEN = errorAnswer(500, 'INTERNAL_SERVER_ERROR', 'An unexpected error occurred.');

const create: Act = (carrier, req, fault) => {
  const body = SHIPMENT_BODY.safeParse(req.body);
  if (!body.success)
    return errorAnswer(422, 'PARAMETER.REQUIRED', `Unusable parameters: ${z.prettifyError(body.error)}`);
  const { to_address: to, from_address: from, parcel, reference } = body.data.shipment;
  const problem = addressProblem(to, 'to_address') ?? addressProblem(from, 'from_address');
  if (problem !== undefined) return problem;
  if (!(parcel.weight > 0)) return errorAnswer(422, 'PARCEL.PARAMETERS.INVALID', 'weight must be above 0');
  if (fault?.kind === 'decline')
    return errorAnswer(422, fault.detail ?? 'ADDRESS.VERIFY.FAILURE', 'Unable to verify address.');
  const shipment: Shipment = {
    id: easyPostId('shp'),
    reference: reference ?? null,
    created: new Date().toISOString(),
    to,
    from,
    weight: parcel.weight,
    rates: ratesFor(parcel.weight, () => easyPostId('rate')),
    bought: null,
    refundStatus: null,
  };
  carrier.tools.append({ kind: 'created', shipment });
  return shown(carrier, shipment, 201);
};

const buy: Act = (carrier, req, fault) => {
  const shipment = carrier.books.shipment(String(req.params['id']));
  if (shipment === undefined) return NOT_FOUND;
  if (shipment.bought !== null)
    return errorAnswer(422, 'SHIPMENT.POSTAGE.EXISTS', 'Postage already exists for this shipment.');
  const body = BUY_BODY.safeParse(req.body);
  const rate = shipment.rates.find((offer) => offer.id === body.data?.rate.id);
  if (rate === undefined)
    return errorAnswer(422, 'SHIPMENT.MISSING_RATE', 'The rate is not one of this shipment.');
  if (fault?.kind === 'decline')
    return errorAnswer(422, fault.detail ?? 'SHIPMENT.POSTAGE.FAILURE', 'The carrier refused the label.');
  const tracker: Tracker = {
    id: easyPostId('trk'),
    shipmentId: shipment.id,
    trackingCode: trackingCode(),
    carrier: rate.carrier,
    details: [firstDetail()],
  };
  const bought = { rateId: rate.id, trackerId: tracker.id, trackingCode: tracker.trackingCode };
  carrier.tools.append({ kind: 'bought', shipment: { ...shipment, bought }, tracker });
  return shown(carrier, { ...shipment, bought }, 200);
};

const refund: Act = (carrier, req, fault) => {
  const shipment = carrier.books.shipment(String(req.params['id']));
  if (shipment === undefined) return NOT_FOUND;
  if (shipment.bought === null)
    return errorAnswer(422, 'SHIPMENT.POSTAGE.REQUIRED', 'There is no postage to refund.');
  if (shipment.refundStatus !== null)
    return errorAnswer(422, 'SHIPMENT.REFUND.UNAVAILABLE', 'A refund was requested already.');
  if (carrier.books.hasLeft(shipment.bought.trackerId) || fault?.kind === 'decline')
    return errorAnswer(422, fault?.detail ?? 'SHIPMENT.REFUND.FAILURE', 'The parcel was scanned already.');
  const after: Shipment = { ...shipment, refundStatus: 'submitted' };
  carrier.tools.append({ kind: 'refunded', shipment: after });
  return shown(carrier, after, 200);
};

function shown(carrier: Carrier, shipment: Shipment, status: number): Answer {
  const tracker = carrier.books.tracker(shipment.bought?.trackerId ?? '');
  return { status, body: shipmentJson(shipment, tracker, carrier.url()) };
}

const HANDOVER = z.object({ trackingCode: z.string() });

/** The driver takes the parcel: refused for a code nobody bought and for a label that was given back. */
function handover(carrier: Carrier, req: Request) {
  const code = HANDOVER.safeParse(req.body).data?.trackingCode ?? '';
  const tracker = carrier.books.tracker(code);
  const shipment = carrier.books.shipment(tracker?.shipmentId ?? '');
  return {
    name: 'handover',
    subject: `${code} ${shipment?.reference ?? ''}`,
    run(): Answer {
      const now = carrier.books.tracker(code);
      if (now === undefined || shipment === undefined) return NOT_FOUND;
      if (carrier.books.shipment(shipment.id)?.refundStatus !== null)
        return errorAnswer(409, 'LABEL.REFUNDED', 'The label was given back.');
      if (!carrier.books.hasLeft(now.id)) startJourney(carrier, now);
      return { status: 200, body: { trackingCode: code } };
    },
  };
}

function label(carrier: Carrier, req: Request) {
  const shipment = carrier.books.shipment(String(req.params['file']).replace(/\.svg$/, ''));
  if (shipment === undefined || shipment.bought === null) throw new Refusal(NOT_FOUND);
  const answer = { status: 200, body: labelSvg(shipment), headers: { 'content-type': 'image/svg+xml' } };
  return { name: 'label', subject: shipment.id, run: () => answer };
}

function checkKey(carrier: Carrier, req: Request): void {
  const [scheme, encoded] = (req.get('authorization') ?? '').split(' ');
  const user = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .split(':')[0];
  if (scheme === 'Basic' && user === carrier.apiKey) return;
  throw new Refusal(errorAnswer(401, 'UNAUTHORIZED', 'Unable to authenticate: a valid API key is needed.'));
}

function webhooks(entry: CarrierEntry, secret: string): Callback[] {
  if (entry.kind !== 'bought' && entry.kind !== 'scanned') return [];
  const { tracker } = entry;
  const reference = entry.kind === 'bought' ? entry.shipment.reference : entry.reference;
  const id = eventId('evt', tracker.id, entry.seq);
  const description = entry.kind === 'bought' ? 'tracker.created' : 'tracker.updated';
  const body = JSON.stringify({
    id,
    object: 'Event',
    mode: 'test',
    description,
    previous_attributes: { status: tracker.details.at(-2)?.status ?? null },
    created_at: entry.at,
    updated_at: entry.at,
    pending_urls: [],
    completed_urls: [],
    status: 'pending',
    result: trackerJson(tracker),
  });
  const signature = createHmac('sha256', secret.normalize('NFKD')).update(body).digest('hex');
  return [
    {
      id,
      path: '/v1/webhooks/easypost',
      subject: [description, tracker.details.at(-1)?.status, tracker.trackingCode, reference].join(' '),
      body,
      sign: () => ({ 'x-hmac-signature': `hmac-sha256-hex=${signature}` }),
    },
  ];
}
