/**
 * The part of an inspection that is about money given back and taken back: refunds, ours and those made in the gateway's
 * dashboard, and disputes. What is final at the gateway (a failed refund, a closed dispute) stays final here, so that an
 * old report heard late changes nothing.
 */
import type { PaymentEvent } from './payment.ts';
import type { MovementState } from './refundStates.ts';
import type { GatewayDispute, GatewayRefund } from './truth.ts';

/** One movement of a refund that we have asked the gateway for, as our books have it. */
export interface BookedMovement {
  /** Its operation key. */
  key: string;
  providerRef: string | null;
  state: MovementState;
  amountMinor: number;
  /** True when a person gave it back by another route: the gateway knows nothing of it. */
  isByHand?: boolean;
}

/** A dispute as our books have it. */
export interface BookedDispute {
  id: string;
  state: GatewayDispute['state'];
}

/** A movement to settle: what became of it at the gateway. */
export interface SettledMovement {
  key: string;
  refundRef: string;
  state: 'succeeded' | 'pending' | 'failed';
  failureCode: string | null;
}

/** Something a person has to look at. `kind` is the code of its case; `subject` what the case is about, the payment when left out. */
export interface InspectFinding {
  kind: 'moved_outside' | 'amount_mismatch' | 'dispute_open' | 'overpaid';
  subject?: string;
  detail: string;
  oursMinor: number | null;
  theirsMinor: number | null;
}

/** What refunds and disputes add to the books. */
export interface OutsideMoves {
  events: PaymentEvent[];
  movements: SettledMovement[];
  /** Disputes to write down in their new state. */
  disputes: GatewayDispute[];
  findings: InspectFinding[];
}

/** What is known of the payment. */
interface Known {
  events: readonly PaymentEvent[];
  movements: readonly BookedMovement[];
  disputes: readonly BookedDispute[];
}

/** Compares the gateway's refunds and disputes with the books. */
export function compareOutside(
  known: Known,
  truth: { refunds: readonly GatewayRefund[]; disputes: readonly GatewayDispute[] },
): OutsideMoves {
  const moves: OutsideMoves = { events: [], movements: [], disputes: [], findings: [] };
  for (const refund of truth.refunds) {
    const ours = known.movements.find((one) => one.providerRef === refund.id || one.key === refund.key);
    // A movement that we gave up before the gateway had made a refund of it: whatever came of it later is news.
    const isGivenUp = ours?.state === 'failed' && ours.providerRef !== refund.id;
    if (ours?.isByHand) addRecorded(moves, known.events, { ours, refund });
    if (ours && !isGivenUp) addMovement(moves, ours, refund);
    else if (!isGivenUp || refund.state !== 'failed') addOutsideRefund(moves, known.events, refund);
  }
  for (const dispute of truth.disputes) addDispute(moves, known, dispute);
  moves.findings.push(...unknownThere(known.movements, truth.refunds));
  return moves;
}

/** Movements that are done by our books and that the gateway has never heard of. */
function unknownThere(
  movements: readonly BookedMovement[],
  refunds: readonly GatewayRefund[],
): InspectFinding[] {
  return movements
    .filter((one) => one.state === 'succeeded' && !one.isByHand)
    .filter((one) => !refunds.some((refund) => refund.id === one.providerRef || refund.key === one.key))
    .map((one) => ({
      kind: 'amount_mismatch',
      subject: one.key,
      detail: `The gateway does not know the refund ${one.key} that our books have as done.`,
      oursMinor: one.amountMinor,
      theirsMinor: null,
    }));
}

/** A refund of the dashboard that a person has recorded by its name: noted once, so that it counts as the gateway's, too. */
function addRecorded(
  moves: OutsideMoves,
  events: readonly PaymentEvent[],
  { ours, refund }: { ours: BookedMovement; refund: GatewayRefund },
): void {
  const { id, amountMinor } = refund;
  if (events.some((event) => event.type === 'info' && event.reference === id)) return;
  moves.events.push({ type: 'info', reference: id, amountMinor });
  if (amountMinor === ours.amountMinor) return;
  moves.findings.push({
    kind: 'amount_mismatch',
    subject: ours.key,
    detail: `The refund ${id} was recorded here with another amount than the gateway has.`,
    oursMinor: ours.amountMinor,
    theirsMinor: amountMinor,
  });
}

function addMovement(moves: OutsideMoves, ours: BookedMovement, refund: GatewayRefund): void {
  const { state, failureCode, id } = refund;
  const isKnown =
    ours.state === state ||
    (state === 'pending' && ['pending_at_provider', 'succeeded'].includes(ours.state));
  // Once the gateway has failed a refund, nothing but a new movement makes it good.
  if (isKnown || ours.state === 'failed') return;
  moves.movements.push({ key: ours.key, refundRef: id, state, failureCode });
}

/** A refund that we did not ask for: booked as it is, even where it breaks our own limits, and a person is told. */
function addOutsideRefund(
  moves: OutsideMoves,
  events: readonly PaymentEvent[],
  { id, state, amountMinor }: GatewayRefund,
): void {
  const has = (type: PaymentEvent['type']) =>
    events.some((event) => event.type === type && event.reference === id);
  const add = (type: PaymentEvent['type']) => moves.events.push({ type, reference: id, amountMinor });
  if (has('refund_reverse') || has('refund_failure')) return;
  if (state === 'failed') {
    add(has('refund_success') ? 'refund_reverse' : 'refund_failure');
    return;
  }
  if (has('refund_success')) return;
  if (state === 'succeeded') add('refund_success');
  else if (!has('refund_request')) add('refund_request');
  else return;
  if (has('refund_request')) return;
  moves.findings.push({
    kind: 'moved_outside',
    subject: id,
    detail: `The gateway gave money back that nobody asked for here (refund ${id}).`,
    oursMinor: null,
    theirsMinor: amountMinor,
  });
}

function addDispute(moves: OutsideMoves, { events, disputes }: Known, dispute: GatewayDispute): void {
  const { id, amountMinor, state, isInquiry = false } = dispute;
  const ours = disputes.find((one) => one.id === id);
  const has = (type: PaymentEvent['type']) =>
    events.some((event) => event.type === type && event.reference === id);
  // While the bank only asks, no money is taken back.
  const isTaken = !isInquiry || has('charge_back');
  if (isTaken && !has('charge_back')) moves.events.push({ type: 'charge_back', reference: id, amountMinor });
  if (ours && ours.state !== 'open') return;
  if (state === 'won' && isTaken && !has('charge_back_reverse'))
    moves.events.push({ type: 'charge_back_reverse', reference: id, amountMinor });
  if (ours?.state === state) return;
  moves.disputes.push(dispute);
  // A person may have closed the case of the open dispute; that it was lost is news to them.
  if (state === 'lost' || (state === 'open' && !ours)) {
    moves.findings.push({
      kind: 'dispute_open',
      subject: id,
      detail:
        state === 'open'
          ? `The customer disputes the charge at their bank (${id}); nothing more is sent.`
          : `The bank decided a dispute for the customer (${id}); nothing more is sent.`,
      oursMinor: null,
      theirsMinor: amountMinor,
    });
  }
}
