/** Actions in words: what each is called, what it would do, and why it can't be done. */
import { FAILURES, type FailureCode } from '../../domain/failures.ts';
import type { Scope } from '../../domain/access.ts';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { formatCount, formatMoney, words } from '../format.ts';

/** An action as the order allows it. */
export type AllowedAction = OrderDetail['allowedActions'][number];
/** An action on an order that its own process decides on. */
export type OrderAction = AllowedAction['action'];
type Effect = AllowedAction['effects'][number];

interface ActionWords {
  /** On the button: the verb. */
  verb: string;
  /** On the confirm button, before the order's number. */
  confirm: string;
  /** While it is not finished. */
  asked: string;
  /** When it is done, after the order's number. */
  done: string;
  scope: Scope;
}

/** What each action is called, and the scope it needs. */
export const ACTION_WORDS: Readonly<Record<OrderAction, ActionWords>> = Object.freeze({
  cancel: {
    verb: 'Cancel',
    confirm: 'Cancel order',
    asked: 'Cancel requested',
    done: 'is being cancelled',
    scope: 'orders:cancel',
  },
  retry: {
    verb: 'Retry now',
    confirm: 'Retry order',
    asked: 'Retry requested',
    done: 'is being tried again',
    scope: 'orders:write',
  },
  change_payment: {
    verb: 'Other way to pay',
    confirm: 'Change how to pay for order',
    asked: 'Another way to pay asked for',
    done: 'is being paid in another way',
    scope: 'payments:write',
  },
  write_off: {
    verb: 'Write off',
    confirm: 'Write off what is owed for order',
    asked: 'Write-off requested',
    done: 'owes nothing any more',
    scope: 'refunds:approve',
  },
  refund: {
    verb: 'Refund',
    confirm: 'Refund order',
    asked: 'Refund requested',
    done: 'has a refund',
    scope: 'refunds:write',
  },
});

/** True when the text is a code of the table. */
export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(FAILURES, code);
}

/** A failure code in words; a code that is a provider's own is only made readable. */
export function failureWords(code: string): string {
  return isFailureCode(code) ? FAILURES[code].title : words(code);
}

/** The detail of a case for people: codes of providers in it ("insufficient_funds") are made readable. */
export function detailWords(detail: string): string {
  return detail.replace(
    /\(([a-z0-9]+(?:_[a-z0-9]+)*)\)/g,
    (_whole, code: string) => `(${code.replaceAll('_', ' ')})`,
  );
}

/** What to say when a right is missing; undefined when it is there. */
export function lacksScope(scope: Scope, scopes: readonly string[]): string | undefined {
  return scopes.includes(scope) ? undefined : `Your key lacks the right for this (${scope}).`;
}

/** Why the action can't be done by this person now, as a whole sentence; undefined when it can. */
export function whyNot(action: AllowedAction, scopes: readonly string[]): string | undefined {
  const lacks = lacksScope(ACTION_WORDS[action.action].scope, scopes);
  if (lacks !== undefined || action.enabled) return lacks;
  return `${failureWords(action.reasonIfDisabled ?? 'refused_by_state')}.`;
}

/** One effect in words: "voids 129.99 USD". */
export function effectWords(effect: Effect): string {
  const { kind, amount, units } = effect;
  const money = amount && formatMoney(amount.amount, amount.currency);
  const count = units !== undefined && `${formatCount(units)} ${units === 1 ? 'unit' : 'units'}`;
  switch (kind) {
    case 'void_payment':
      return money === undefined
        ? 'gives the payment back as soon as the provider says what became of it'
        : `voids ${money} that is set aside`;
    case 'release_stock':
      return count ? `releases ${count} of stock` : 'releases its stock';
    case 'void_label':
      return 'voids the shipping label';
    case 'refund_at_channel':
      return `opens a case to refund ${money ?? 'the money'} at the channel`;
    case 'refund_payment':
      return `gives ${money ?? 'what was taken'} back to the customer`;
    case 'refund_by_hand':
      return `opens a case to give ${money ?? 'the money'} back by hand`;
    case 'write_off':
      return `gives up ${money ?? 'what has not come'} for good`;
    case 'new_payment_attempt':
      return `asks the payment provider anew for ${money ?? 'the money'}`;
    case 'try_step_again':
      return 'tries the step that failed again at once';
    case 'look_for_stock':
      return 'looks again for stock in all warehouses';
  }
}

/** The effects, each said once: the same effect on several parts is counted. */
export function effectLines(effects: readonly Effect[]): string[] {
  const counts = new Map<string, number>();
  for (const effect of effects) {
    const text = effectWords(effect);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, times]) => (times === 1 ? text : `${text} (${times} times)`));
}
