/** Gift cards and store credit in words: kinds, states, movements, and how much of what is there can be used. Pure. */
import type { CreditAccount, CreditMovement } from '../../api/schemas/credit.ts';
import { CREDIT_STATES } from '../../domain/credit.ts';
import { CREDIT_METHODS } from '../../domain/method.ts';
import { formatMoney, words } from '../format.ts';

/** In the address, for all kinds or states. */
export const ANY = 'all';

/** What accounts can be narrowed to by kind. */
export const KIND_CHOICES: readonly { value: string; label: string }[] = [
  { value: ANY, label: 'All' },
  ...CREDIT_METHODS.map((value) => ({ value, label: words(value) })),
];

/** What accounts can be narrowed to by state. */
export const STATE_CHOICES: readonly { value: string; label: string }[] = [
  { value: ANY, label: 'All' },
  ...CREDIT_STATES.map((value) => ({ value, label: words(value) })),
];

/** What an account is called: "Gift card •••• H4RB", "Store credit of 4711". */
export function accountName({
  kind,
  codeLast4,
  holder,
}: Pick<CreditAccount, 'kind' | 'codeLast4' | 'holder'>): string {
  const name = words(kind);
  if (codeLast4 !== null) return `${name} •••• ${codeLast4}`;
  return holder === null ? name : `${name} of ${holder}`;
}

/** The state a badge shows: one whose end has come is over, though it still says active. */
export function accountState(
  { state, expiresAt }: Pick<CreditAccount, 'state' | 'expiresAt'>,
  nowMillis: number,
): 'active' | 'disabled' | 'expired' {
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= nowMillis;
  return state === 'active' && isOver ? 'expired' : state;
}

const MOVEMENT_WORDS: Readonly<Record<CreditMovement['kind'], string>> = Object.freeze({
  issued: 'Issued',
  adjusted: 'Adjusted',
  held: 'Set aside',
  released: 'Free again',
  taken: 'Used',
  given_back: 'Given back',
});

/** What a movement is called. */
export function movementTitle(kind: CreditMovement['kind']): string {
  return MOVEMENT_WORDS[kind];
}

/** An amount that was added or taken away, with its sign; a dash when nothing changed. */
export function signedMoney({ amount, currency }: { amount: number; currency: string }): string {
  if (amount === 0) return '–';
  return amount > 0 ? `+${formatMoney(amount, currency)}` : `−${formatMoney(-amount, currency)}`;
}
