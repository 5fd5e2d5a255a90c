/**
 * The way of a parcel after it was handed over: each pace another scan, to the recipient's door or to another end.
 * What is due next follows from the scans so far, so that a restart goes on where it was.
 */
import type { CarrierBooks, CarrierEntry } from './carrier.books.ts';
import type { Detail, Shipment, Tracker } from './carrier.wire.ts';
import type { Tools } from './simulator.ts';

type Stop = Omit<Detail, 'datetime'>;

const LABEL: Stop = {
  status: 'pre_transit',
  status_detail: 'label_created',
  message: 'Shipping label created',
};
const START: Stop = {
  status: 'in_transit',
  status_detail: 'received_at_origin_facility',
  message: 'Picked up',
};
const OUT: Stop = {
  status: 'out_for_delivery',
  status_detail: 'out_for_delivery',
  message: 'Out for delivery',
};
const DELIVERED: Stop = {
  status: 'delivered',
  status_detail: 'arrived_at_destination',
  message: 'Delivered',
};

/** The scans after the label, by how the journey ends. */
const JOURNEYS = {
  delivered: [START, OUT, DELIVERED],
  lost: [START, { status: 'failure', status_detail: 'lost', message: 'Lost in transit' }],
  damaged: [START, { status: 'failure', status_detail: 'damaged', message: 'Damaged in transit' }],
  returned: [
    START,
    OUT,
    { status: 'return_to_sender', status_detail: 'return', message: 'Returned to sender' },
  ],
  refused: [START, OUT, { status: 'failure', status_detail: 'refused', message: 'Delivery refused' }],
} as const satisfies Record<string, readonly Stop[]>;
type Ending = keyof typeof JOURNEYS;

interface World {
  books: CarrierBooks;
  tools: Tools<CarrierEntry>;
}

/** The first detail of every tracker. */
export function firstDetail(): Detail {
  return { ...LABEL, datetime: new Date().toISOString() };
}

/** Notes the handover and makes the first scan at once; the others follow at the pace. */
export function startJourney(world: World, tracker: Tracker): void {
  const reference = world.books.shipment(tracker.shipmentId)?.reference ?? null;
  world.tools.append({ kind: 'handed_over', tracker, reference });
  scan(world, tracker.id);
}

/** Plans the next scan of a parcel that is on its way; does nothing when it has arrived. */
export function armJourney(world: World, tracker: Tracker): void {
  if (nextStop(world, tracker) === undefined) return;
  const paces = tracker.details.length === 1 ? 0 : 1;
  world.tools.steps.plan(tracker.id, { paces }, () => scan(world, tracker.id));
}

function scan(world: World, trackerId: string): void {
  const tracker = world.books.tracker(trackerId);
  const stop = tracker === undefined ? undefined : nextStop(world, tracker);
  if (tracker === undefined || stop === undefined || !world.tools.open()) return;
  const reference = world.books.shipment(tracker.shipmentId)?.reference ?? null;
  const fault =
    stop === START ? undefined : world.tools.faults.take('track', `${reference} ${tracker.trackingCode}`);
  // A parcel that the carrier forgets: no scan, for as long as the fault says.
  if (fault?.kind === 'timeout' || fault?.kind === 'late') {
    const { seconds } = fault;
    return world.tools.steps.plan(tracker.id, { paces: 0, seconds }, () => scan(world, trackerId));
  }
  const ending = fault?.kind === 'decline' ? fault.detail : undefined;
  const next = isEnding(ending) ? (JOURNEYS[ending].at(-1) ?? stop) : stop;
  // Two scans never share an instant: an instant and a code are what a scan is known by.
  const least = Date.parse(tracker.details.at(-1)?.datetime ?? '') + 1;
  const datetime = new Date(Math.max(Date.now(), least)).toISOString();
  const after: Tracker = { ...tracker, details: [...tracker.details, { ...next, datetime }] };
  world.tools.append({ kind: 'scanned', tracker: after, reference });
  armJourney(world, after);
}

function nextStop(world: World, tracker: Tracker): Stop | undefined {
  const last = tracker.details.at(-1)?.status;
  if (last === 'delivered' || last === 'failure' || last === 'return_to_sender') return undefined;
  return JOURNEYS[endingOf(world.books.shipment(tracker.shipmentId))][tracker.details.length - 1];
}

const MARKERS: readonly [string, Ending][] = [
  ['LOST', 'lost'],
  ['DAMAGED', 'damaged'],
  ['RETURN', 'returned'],
];

/** How the journey ends, by the marker in the recipient's first address line. */
function endingOf(shipment: Shipment | undefined): Ending {
  const line = shipment?.to.street1 ?? '';
  return MARKERS.find(([marker]) => line.includes(marker))?.[1] ?? 'delivered';
}

function isEnding(text: string | undefined): text is Ending {
  return text !== undefined && Object.hasOwn(JOURNEYS, text);
}
