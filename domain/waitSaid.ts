/** What is said of one wait of an order: what for, from whom, and what happens when its time is up. */
import { stillToComeWords } from './awaitedWords.ts';
import type { OrderView, WaitView } from './lifecycle.ts';
import type { PlaceFacts } from './place.ts';
import type { StillToCome } from './receipt.ts';
import { needsPaymentAction, WAIT_WORDS } from './waits.ts';

/** What the view leaves out of a wait. */
export interface WaitFacts extends Pick<PlaceFacts, 'cases'> {
  /** What is still to come by transfer, invoice or cash; left out when nothing is. */
  stillToCome?: StillToCome;
  /** How often the step behind a retry wait has stalled, by the wait's subject. */
  tries: Readonly<Record<string, number>>;
}

/** What is waited for: money that people send by its amount, unless another way to pay was refused. */
export function awaitedOf(view: OrderView, { stillToCome }: WaitFacts, { kind }: WaitView): string {
  const isSent = kind === 'receipt' || (kind === 'payment' && !view.shares.some(needsPaymentAction));
  return stillToCome && isSent ? stillToComeWords(stillToCome, view.currency) : WAIT_WORDS[kind];
}

/** Whom the wait is for. A stalled step names what it needs; a case names who works on it. */
export function sourceOf(view: OrderView, facts: WaitFacts, wait: WaitView): string | null {
  switch (wait.kind) {
    case 'release':
      return null;
    case 'stock':
      return 'the warehouses';
    case 'payment':
      return view.method === 'prepaid' ? 'the channel' : 'the customer';
    case 'delivery':
      return 'the carrier';
    case 'packing':
      return wait.awaitedFrom;
    case 'retry':
      return RETRY_SOURCES[wait.subject.split('#')[1] ?? ''] ?? null;
    case 'decline':
      return "the customer's bank";
    case 'authorization':
    case 'reauthorize':
      return null;
    case 'receipt':
      return view.method === 'cash_on_delivery' ? 'the carrier' : 'the customer';
    case 'approval':
      return 'a second person';
    case 'refund':
      return 'the payment provider';
    case 'case':
      return [...new Set(facts.cases.map((one) => one.owner))].join(' and ') || 'a person';
  }
}

const RETRY_SOURCES: Readonly<Record<string, string>> = {
  authorize: 'the payment provider',
  void: 'the payment provider',
  capture: 'the payment provider',
  submit: 'the warehouse',
  book: 'the carrier',
  void_label: 'the carrier',
  refund: 'the payment provider',
  inspect: 'the payment provider',
};

/** What happens when the wait's time is up. */
export function nextOf(wait: WaitView, facts: WaitFacts): string {
  const tries = facts.tries[wait.subject] ?? 0;
  switch (wait.kind) {
    case 'release':
      return 'it goes to the warehouse by itself';
    case 'retry':
      return `it is tried again by itself${tries > 0 ? ` (after ${tries} ${tries === 1 ? 'failure' : 'failures'})` : ''}`;
    case 'case':
      return 'whoever works on it is reminded';
    case 'packing':
      return 'a case is opened for the warehouse';
    case 'delivery':
      return 'a case is opened for support';
    case 'receipt':
      return facts.cases.some((one) => one.code === 'payment_overdue')
        ? 'whoever works on it is reminded'
        : 'a case is opened for support';
    case 'stock':
      return 'it is looked for once more, and else the order is cancelled';
    case 'payment':
      return wait.thenWhat === 'expire'
        ? 'the order expires and its stock is given back'
        : 'whoever works on it is reminded';
    case 'decline':
      return 'the card is asked again by itself';
    case 'authorization':
      return 'it is replaced by a new one';
    case 'reauthorize':
      return 'it is authorized by itself';
    case 'approval':
      return 'the refund is withdrawn';
    case 'refund':
      return 'the payment provider is asked what became of it';
  }
}
