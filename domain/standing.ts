/**
 * Where an order stands, in words that a support agent can read out to a customer: one sentence, or two, that say what
 * has happened, what is awaited, from whom, since when, and what happens by itself and when. Made from the view alone,
 * with no personal data in it. And the steps of its story, with when each was done: domain/storySteps.ts.
 */
import { FAILURES } from './failures.ts';
import type { OrderView, WaitView } from './lifecycle.ts';
import { MONEY_CASES } from './moneySteps.ts';
import { isTerminal, type CancelReason, type Origin } from './order.ts';
import type { Place, PlaceFacts } from './place.ts';
import { placeOf } from './sharePlace.ts';
import { isAtRest } from './waits.ts';
import { awaitedOf, nextOf, sourceOf, type WaitFacts } from './waitSaid.ts';

/**
 * The steps a customer would name, from placement to delivery, in the order in which the system takes them: stock is
 * allocated before the card is asked.
 */
export const STEPS = ['placed', 'allocated', 'paid', 'packed', 'shipped', 'delivered'] as const;
export type StoryStep = (typeof STEPS)[number];

/** How a step stands: `stopped` when the order ended before it. */
export const STEP_STATES = ['done', 'current', 'todo', 'stopped'] as const;
export type StoryStepState = (typeof STEP_STATES)[number];

/** Where an order stands. `text` says all of it; the other fields are its parts. Instants are ISO 8601 in UTC. */
export interface Standing {
  text: string;
  state: string;
  waitsFor: string | null;
  awaitedFrom: string | null;
  since: string | null;
  /** What happens by itself at `nextAt` unless what is awaited comes before. */
  next: string | null;
  nextAt: string | null;
}

/** What the view leaves out and the sentence needs. */
export interface StandingFacts extends PlaceFacts, WaitFacts {
  origin: Origin;
  placedAt: string;
  completedAt: string | null;
  cancelledAt: string | null;
  /** Why it is or was undone; `by` is the name of whoever asked, null when it came by itself. */
  undo: { cause: CancelReason; by: string | null } | null;
  /** When the last parcel arrived, if all have. */
  deliveredAt: string | null;
  /** What is short, from the case about it: "TEA: 1 of 3". */
  missing: string | null;
}

/** "2026-11-24 14:03 UTC". */
export function instantText(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** Where the order stands. Pure: `nowMs` only tells whether a release time has come. */
export function standingOf(view: OrderView, facts: StandingFacts, nowMs: number): Standing {
  if (isTerminal(view.lifecycle)) return endOf(view, facts);
  if (view.direction === 'undo') return undoOf(view, facts);
  if (view.shares.length === 0) return stockOf(view, facts);
  const places = view.shares
    .map((share) => placeOf(view, share, { facts, nowMs }))
    .toSorted((a, b) => a.rank - b.rank || Number(b.isProblem) - Number(a.isProblem));
  const [first, ...others] = places;
  if (!first) return stockOf(view, facts);
  return waiting(view, facts, {
    state: first.state,
    isProblem: first.isProblem,
    wait: first.waitSubjects
      .map(({ subject, kind }) => view.waits.find((wait) => wait.subject === subject && wait.kind === kind))
      .find((wait) => wait !== undefined),
    besides: [...meanwhile(others), ...unsaidCases(facts)],
  });
}

const CAUSES: Readonly<Record<CancelReason, string>> = {
  customer: 'the customer asked',
  declined: 'the payment was declined',
  fraud: 'suspicion of fraud',
  inventory: 'not enough stock',
  staff: 'decided by staff',
  expired: 'not paid in time',
  other: 'for another reason',
};

function endOf(view: OrderView, facts: StandingFacts): Standing {
  const state = view.lifecycle === 'completed' ? 'Delivered' : sentence(view.lifecycle);
  const money = facts.cases.some((one) => one.code === 'refund_at_channel')
    ? ' The channel still holds the money for it and has to refund it.'
    : '';
  const text = [`${endText(view, facts)}.${money}`, ...moneySaid(view), ...unsaidCases(facts, ENDS_UNSAID)];
  return { text: text.join(' '), state, ...NOTHING_AWAITED };
}

/** What is still to be said of money when everything else has ended. */
function moneySaid({ money }: OrderView): string[] {
  const isMoving = money !== undefined && (money.refunds.length > 0 || (money.pending ?? []).length > 0);
  return [
    ...(isMoving ? ['A refund is on its way to the customer.'] : []),
    ...(money?.toApprove?.length ? ['A refund waits for a second person.'] : []),
  ];
}

const NOTHING_AWAITED = { waitsFor: null, awaitedFrom: null, since: null, next: null, nextAt: null };

function endText(view: OrderView, facts: StandingFacts): string {
  const on = (iso: string | null) => (iso === null ? '' : ` on ${instantText(iso)}`);
  if (facts.origin === 'history')
    return `Taken over from earlier books, where it was delivered${on(facts.completedAt)}`;
  const parcels = view.shares.length > 1 ? ` in ${view.shares.length} parcels, the last` : '';
  if (view.lifecycle === 'completed')
    return `Delivered${parcels}${on(facts.deliveredAt ?? facts.completedAt)}`;
  // An order that never had stock has none to give back.
  const undone = [
    ...(facts.voided ? ['what was authorized on the card was given back'] : []),
    ...(view.shares.length > 0 ? ['its stock is free again'] : []),
  ];
  const given = undone.length > 0 ? `; ${undone.join(', and ')}` : '';
  if (view.lifecycle === 'expired')
    return `Expired${on(facts.cancelledAt)}, because it was not paid in time${given}`;
  const { undo } = facts;
  const by = undo?.by ? ` by ${undo.by}` : '';
  const why = undo ? ` (${CAUSES[undo.cause]})` : '';
  return `${sentence(view.lifecycle)}${on(facts.cancelledAt)}${by}${why}${given}`;
}

function undoOf(view: OrderView, facts: StandingFacts): Standing {
  const { undo } = facts;
  const by = undo?.by ? ` by ${undo.by}` : '';
  const why = undo ? ` (${CAUSES[undo.cause]})` : '';
  return waiting(view, facts, {
    state: `Being cancelled${by}${why}; what was done for it is being undone`,
    wait: view.waits.find((wait) => wait.kind === 'retry') ?? view.waits.find((wait) => wait.kind === 'case'),
    besides: unsaidCases(facts),
  });
}

function stockOf(view: OrderView, facts: StandingFacts): Standing {
  const wait = view.waits.find((one) => one.kind === 'stock');
  const missing = facts.missing === null ? '' : ` (${facts.missing})`;
  return waiting(view, facts, {
    state: wait
      ? `Placed, but not all of it is in stock${missing}`
      : `Placed on ${instantText(facts.placedAt)}; its stock is being looked for`,
    wait: wait ?? view.waits.find((one) => one.kind === 'case'),
    besides: unsaidCases(facts),
  });
}

interface Found {
  /** The headline, without a full stop. */
  state: string;
  isProblem?: boolean;
  wait: WaitView | undefined;
  /** Whole sentences to add. */
  besides: readonly string[];
}

function waiting(view: OrderView, facts: StandingFacts, found: Found): Standing {
  const { state, wait, besides } = found;
  if (!wait) {
    return { text: [`${state}.`, withoutWait(view, found), ...besides].join(' '), state, ...NOTHING_AWAITED };
  }
  const waitsFor = awaitedOf(view, facts, wait);
  const awaitedFrom = sourceOf(view, facts, wait);
  const next = nextOf(wait, facts);
  const { since, deadlineAt: nextAt } = wait;
  const from = awaitedFrom === null || wait.kind === 'case' ? '' : ` from ${awaitedFrom}`;
  const condition = BY_ITSELF.includes(wait.kind) ? 'at' : 'if nothing comes by';
  const line = `It waits for ${waitsFor}${from} since ${instantText(since)}; ${condition} ${instantText(nextAt)}, ${next}.`;
  return {
    text: [`${state}.`, line, ...besides].join(' '),
    state,
    waitsFor,
    awaitedFrom,
    since,
    next,
    nextAt,
  };
}

/** What is said when nothing is waited for. */
function withoutWait(view: OrderView, found: Found): string {
  if (isAtRest(view)) return 'A person has seen to it; nothing more happens by itself.';
  return found.isProblem ? 'A person has to see to it.' : 'The next step is being done now.';
}

/** Waits whose end is the plan, not the exception. */
const BY_ITSELF: readonly WaitView['kind'][] = [
  'release',
  'retry',
  'case',
  'decline',
  'authorization',
  'reauthorize',
];

/** How the other parts of the order are doing, in one sentence. */
function meanwhile(others: readonly Place[]): string[] {
  if (others.length === 0) return [];
  const parts = others.map((place) => `the part from ${place.location} is ${place.aside}`);
  const last = parts.pop() ?? '';
  return [`${sentence(parts.length === 0 ? last : `${parts.join(', ')} and ${last}`)}.`];
}

/** Causes that the headline says nothing about: a person has to hear of them all the same. */
const UNSAID: readonly string[] = ['order_broken', 'unknown_signal', 'payment_overdue', ...MONEY_CASES];
/** The same when the order has ended. */
const ENDS_UNSAID = MONEY_CASES.filter((code) => code !== 'refund_at_channel');

function unsaidCases(facts: StandingFacts, unsaid = UNSAID): string[] {
  const codes = new Set(facts.cases.map((one) => one.code).filter((code) => unsaid.includes(code)));
  return [...codes].map((code) => `A person has to look at it: ${titleOf(code)}.`);
}

function titleOf(code: string): string {
  const title = Object.entries(FAILURES).find(([known]) => known === code)?.[1].title ?? code;
  return title.charAt(0).toLowerCase() + title.slice(1);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
