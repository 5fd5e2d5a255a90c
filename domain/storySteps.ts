/** The steps of an order's story, from placement to delivery: which are done and when, which one is under way. */
import { isOwedAfter } from './awaitedWords.ts';
import { legsOfShare } from './legs.ts';
import { currentPayment, isCovered, type OrderView, type ShareView } from './lifecycle.ts';
import { METHODS } from './method.ts';
import { isTerminal, type Origin } from './order.ts';
import { hasLeft } from './shipment.ts';
import { stageOf, type Stage } from './stage.ts';
import { STEPS, type StoryStep, type StoryStepState } from './standing.ts';

/** Instants of what was done, ISO 8601; null while it was not. */
export interface StepFacts {
  origin: Origin;
  placedAt: string;
  /** Awaited before or after the goods: when the money had come. */
  paidAt: string | null;
  allocatedAt: string | null;
  completedAt: string | null;
  /** By payment id: when it was authorized. */
  authorizedAt: Readonly<Record<string, string>>;
  /** By share id. */
  packedAt: Readonly<Record<string, string>>;
  /** By parcel id. */
  shippedAt: Readonly<Record<string, string>>;
  deliveredAt: Readonly<Record<string, string>>;
}

/** One step as a stepper shows it; `at` is null when it is not done, or was done where nobody wrote down when. */
export interface ShownStep {
  step: StoryStep;
  state: StoryStepState;
  at: string | null;
}

/** A step that is done, and when. */
interface Done {
  isDone: boolean;
  at: string | null;
}

/** Which step is under way in each state of an order; none when it goes back or has ended. */
const UNDER_WAY: Readonly<Record<Stage, StoryStep | null>> = {
  stock: 'allocated',
  payment: 'paid',
  release: 'packed',
  warehouse: 'packed',
  handover: 'shipped',
  transport: 'delivered',
  undoing: null,
  ended: null,
};

/** How they follow each other: nothing that is done comes after what is not. */
const SHOWN_ORDER: readonly StoryStepState[] = ['done', 'current', 'todo', 'stopped'];

/**
 * What is done (for every share), then the one step under way, then what is to come, each in the order of the story. So
 * the steps of most orders are STEPS as they are; only an order that was paid before its stock was found, or that was
 * packed before its charge was refused, is told as it went. When it goes back or has ended, nothing is under way and what
 * was not reached is `stopped`.
 */
export function stepsOf(view: OrderView, facts: StepFacts): ShownStep[] {
  // Authorizations that were given back until near the release are what comes next.
  const isResting = view.authorizeAt !== undefined && !isGoingBack(view);
  const isOwed = !isGoingBack(view) && isOwedAfter(view) && forAll(view, facts, 'delivered').isDone;
  const underWay = isResting || isOwed ? 'paid' : UNDER_WAY[stageOf(view)];
  const all = STEPS.map((step): ShownStep => {
    const { isDone, at } = doneOf(step, view, facts);
    if (step === underWay) return { step, state: 'current', at: null };
    if (isDone) return { step, state: 'done', at };
    return { step, state: underWay === null ? 'stopped' : 'todo', at: null };
  });
  return SHOWN_ORDER.flatMap((state) => all.filter((one) => one.state === state));
}

function doneOf(step: StoryStep, view: OrderView, facts: StepFacts): Done {
  if (step === 'placed') return { isDone: true, at: facts.placedAt };
  // Finished elsewhere: everything was done, and only its beginning and its end are known.
  if (facts.origin === 'history') {
    const known = step === 'paid' ? facts.paidAt : step === 'delivered' ? facts.completedAt : null;
    return { isDone: true, at: known };
  }
  if (step === 'paid' && METHODS[view.method].moment !== 'hold') return awaitedDone(view, facts);
  return forAll(view, facts, step);
}

/** Money that is awaited before or after the goods, besides what is set aside for each share. */
function awaitedDone(view: OrderView, facts: StepFacts): Done {
  const hasLegs = view.shares.some((share) => legsOfShare(view, share).length > 0);
  const isDone = view.paid && (!hasLegs || forAll(view, facts, 'paid').isDone);
  return { isDone, at: facts.paidAt ?? (view.method === 'prepaid' ? facts.placedAt : null) };
}

/** Done when it is for every share, at the instant of the last one. */
function forAll(view: OrderView, facts: StepFacts, step: Exclude<StoryStep, 'placed'>): Done {
  const instants = view.shares.map((share) => doneAt(step, view, { share, facts }));
  const isDone = instants.length > 0 && instants.every((one) => one.isDone);
  const last = instants
    .flatMap((one) => one.at ?? [])
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
  return { isDone, at: last ?? null };
}

function doneAt(
  step: Exclude<StoryStep, 'placed'>,
  view: OrderView,
  { share, facts }: { share: ShareView; facts: StepFacts },
): Done {
  const parcel = share.shipment;
  switch (step) {
    case 'paid': {
      const payment = currentPayment(share);
      // What was paid and given back when the order was undone was done all the same.
      const wasPaid = payment !== undefined && isGoingBack(view) && payment.state === 'voided';
      const at = facts.authorizedAt[payment?.id ?? ''] ?? null;
      return { isDone: isCovered(view, share) || (wasPaid && at !== null), at };
    }
    case 'allocated':
      return { isDone: true, at: facts.allocatedAt };
    case 'packed': {
      const at = facts.packedAt[share.id] ?? null;
      return { isDone: at !== null || share.state === 'packed' || share.state === 'closed', at };
    }
    case 'shipped':
      return {
        isDone: parcel !== null && hasLeft(parcel.state),
        at: facts.shippedAt[parcel?.id ?? ''] ?? null,
      };
    case 'delivered':
      return { isDone: parcel?.state === 'delivered', at: facts.deliveredAt[parcel?.id ?? ''] ?? null };
  }
}

function isGoingBack(view: OrderView): boolean {
  return view.direction === 'undo' || isTerminal(view.lifecycle);
}
