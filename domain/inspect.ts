/**
 * Inspection: what our books have of a payment beside what its gateway says, and what has to be written so that both say
 * the same. Amounts come from the gateway's own answer, never from a webhook. Nothing is refused because it breaks our
 * rules: it has happened. A report that repeats adds nothing.
 */
import {
  compareOutside,
  type BookedDispute,
  type BookedMovement,
  type InspectFinding,
  type OutsideMoves,
} from './inspectOutside.ts';
import { foldPayment, type OperationKind, type PaymentEvent, type PaymentState } from './payment.ts';
import type { GatewayTruth } from './truth.ts';

/** A payment as our books have it. */
export interface PaymentBook {
  /** The provider's reference; null while none is known. */
  providerRef: string | null;
  currency: string;
  state: PaymentState;
  /** What was asked for. */
  amountMinor: number;
  /** Oldest first. */
  events: readonly PaymentEvent[];
  movements: readonly BookedMovement[];
  disputes: readonly BookedDispute[];
  /** Our own calls about this payment that are not settled: they find out for themselves. */
  openOperations: readonly OperationKind[];
  /** True when the order still wants this payment: it goes forward and this is the share's newest attempt. */
  isWanted: boolean;
  /** True when another attempt is to follow and holds nothing yet: what this one has taken is not asked for again. */
  countsForNext?: boolean;
  /** True when the order is undone or has ended undone: what was taken is given back. */
  isUndone: boolean;
}

/** What has to be written. */
export interface Comparison extends OutsideMoves {
  /** The state of the payment from now on, when another than before. */
  state?: PaymentState;
  /** When the gateway gives the authorization back by itself. */
  captureBefore?: string | null;
  /** `void`: an authorization nobody wants is given back. `give_back`: what was taken for an order that is undone. */
  action: 'none' | 'void' | 'give_back';
}

/** What the gateway's state adds to the books, apart from refunds and disputes. */
interface Held {
  state?: PaymentState;
  events?: PaymentEvent[];
  findings?: InspectFinding[];
  action?: Comparison['action'];
}

/** Compares a payment with the truth; undefined truth: the gateway knows no such payment. */
export function compareWithTruth(book: PaymentBook, truth: GatewayTruth | undefined): Comparison {
  const nothing: Comparison = { events: [], movements: [], disputes: [], findings: [], action: 'none' };
  if (!truth) return { ...nothing, findings: missing(book) };
  if (truth.currency !== book.currency) {
    const detail = `The gateway has the payment in ${truth.currency}, we have it in ${book.currency}.`;
    return {
      ...nothing,
      findings: [{ kind: 'amount_mismatch', detail, oursMinor: null, theirsMinor: null }],
    };
  }
  const held = heldAtGateway(book, truth);
  const outside = compareOutside(book, truth);
  const { events = [], findings = [], action = 'none', state } = held;
  const isHeld = (state ?? book.state) === 'authorized';
  return {
    ...outside,
    ...(state !== undefined && state !== book.state && { state }),
    ...(isHeld && truth.state === 'authorized' && { captureBefore: truth.captureBefore }),
    events: [...events, ...outside.events],
    findings: [...findings, ...outside.findings],
    action,
  };
}

function missing(book: PaymentBook): InspectFinding[] {
  const { capturedMinor } = foldPayment(book.events);
  const isHeld = capturedMinor > 0 || (book.state === 'authorized' && book.amountMinor > 0);
  if (book.providerRef === null || !isHeld) return [];
  return [
    {
      kind: 'amount_mismatch',
      detail: 'The gateway does not know the payment of which our books hold money.',
      oursMinor: capturedMinor || book.amountMinor,
      theirsMinor: null,
    },
  ];
}

function heldAtGateway(book: PaymentBook, truth: GatewayTruth): Held {
  const isOpen = (...kinds: OperationKind[]) => book.openOperations.some((kind) => kinds.includes(kind));
  // A call under way brings its own answer and settles what it has claimed.
  if (isOpen('authorize')) return {};
  switch (truth.state) {
    case 'authorized':
      return isOpen('void', 'capture') ? {} : authorized(book, truth);
    case 'captured':
      // A charge of an order that is undone meanwhile, or of a payment that was to be given back, is never asked for again: its
      // answer has to be found here.
      return isOpen('capture') && !book.isUndone && !wasToGoBack(book) ? {} : captured(book, truth);
    case 'voided':
    case 'declined':
    case 'requires_action':
      return isOpen('void', 'capture') ? {} : notHeld(book, truth);
  }
}

function wasToGoBack({ events }: PaymentBook): boolean {
  return events.some((event) => event.type === 'cancel_failure');
}

/** The success that was granted, unless it is written down. */
function granted(book: PaymentBook, truth: GatewayTruth): PaymentEvent[] {
  if (foldPayment(book.events).authorizedMinor > 0 || truth.amountMinor === 0) return [];
  return [{ type: 'authorization_success', reference: truth.providerRef, amountMinor: truth.amountMinor }];
}

/** States of a payment that took no money here, so that an authorization at the gateway is news. */
const NOT_HELD: readonly PaymentState[] = [
  'created',
  'unknown',
  'requires_action',
  'declined',
  'expired',
  'voided',
];

function authorized(book: PaymentBook, truth: GatewayTruth): Held {
  if (book.state === 'authorized') return adjusted(book, truth);
  if (!NOT_HELD.includes(book.state)) return {};
  const events = granted(book, truth);
  // A payment that was given back stays given back: the next attempt is under way or done.
  const isLateSuccess = book.isWanted && book.state !== 'voided';
  return isLateSuccess
    ? { state: 'authorized', events, findings: otherAmount(book, truth.amountMinor, 'authorized') }
    : { state: 'voided', events, action: 'void' };
}

function adjusted(book: PaymentBook, truth: GatewayTruth): Held {
  const { authorizedMinor } = foldPayment(book.events);
  if (authorizedMinor === truth.amountMinor) return {};
  const reference = `${truth.providerRef}/${truth.amountMinor}`;
  return {
    events: [{ type: 'authorization_adjustment', reference, amountMinor: truth.amountMinor }],
    findings: otherAmount(book, truth.amountMinor, 'authorized'),
  };
}

function otherAmount(book: PaymentBook, theirsMinor: number, word: string): InspectFinding[] {
  if (theirsMinor === book.amountMinor) return [];
  const detail = `The gateway has ${word} another amount than was asked for.`;
  return [{ kind: 'amount_mismatch', detail, oursMinor: book.amountMinor, theirsMinor }];
}

function captured(book: PaymentBook, truth: GatewayTruth): Held {
  const before = foldPayment(book.events).capturedMinor;
  const moreMinor = truth.capturedMinor - before;
  if (moreMinor < 0) {
    return {
      findings: [
        {
          kind: 'amount_mismatch',
          detail: 'The gateway has captured less than our books have.',
          oursMinor: before,
          theirsMinor: truth.capturedMinor,
        },
      ],
    };
  }
  const reference = before === 0 ? truth.providerRef : `${truth.providerRef}/${truth.capturedMinor}`;
  const charged: PaymentEvent[] =
    moreMinor > 0 ? [{ type: 'charge_success', reference, amountMinor: moreMinor }] : [];
  const taken = [...granted(book, truth), ...charged];
  const events = [...taken, ...released(book, truth, taken)];
  const state = truth.capturedMinor < book.amountMinor ? 'partially_captured' : 'captured';
  const isKnown = book.state === 'captured' || book.state === 'partially_captured';
  // A person may have taken it as whole; only what it took can change that.
  if (moreMinor === 0 && isKnown)
    return events.length === 0 ? {} : { ...(book.state !== 'captured' && { state }), events };
  return {
    state,
    events,
    findings: book.isUndone ? [] : takenOtherwise(book, truth),
    action: book.isUndone ? 'give_back' : 'none',
  };
}

/** What was set aside and not taken: a gateway that has taken a payment gives the rest of it back by itself. */
function released(book: PaymentBook, truth: GatewayTruth, taken: readonly PaymentEvent[]): PaymentEvent[] {
  const { authorizedMinor, capturedMinor, voidedMinor } = foldPayment([...book.events, ...taken]);
  const amountMinor = authorizedMinor - capturedMinor - voidedMinor;
  return amountMinor > 0 ? [{ type: 'cancel_success', reference: truth.providerRef, amountMinor }] : [];
}

/** Money that came in another way than the order asked for. */
function takenOtherwise(book: PaymentBook, truth: GatewayTruth): InspectFinding[] {
  if (book.countsForNext) return [];
  if (!book.isWanted) {
    const detail =
      'The gateway has captured a payment that was replaced by another: the customer paid twice.';
    return [{ kind: 'overpaid', detail, oursMinor: 0, theirsMinor: truth.capturedMinor }];
  }
  return otherAmount(book, truth.capturedMinor, 'captured');
}

/** The gateway holds nothing (any more). */
function notHeld(book: PaymentBook, truth: GatewayTruth): Held {
  const { authorizedMinor, voidedMinor, capturedMinor } = foldPayment(book.events);
  const heldMinor = authorizedMinor - voidedMinor - capturedMinor;
  const dropped: PaymentEvent[] =
    heldMinor > 0 ? [{ type: 'cancel_success', reference: truth.providerRef, amountMinor: heldMinor }] : [];
  switch (book.state) {
    case 'authorized':
      return { state: book.isWanted ? 'expired' : 'voided', events: dropped };
    case 'created':
    case 'unknown':
      return { state: truth.state === 'voided' ? 'voided' : truth.state };
    case 'requires_action':
      return truth.state === 'requires_action' ? {} : { state: 'declined' };
    case 'voided':
      // A late success that was to be given back is gone by now.
      return { events: dropped };
    case 'partially_captured':
    case 'captured':
    case 'declined':
    case 'expired':
    case 'failed':
      return {};
  }
}
