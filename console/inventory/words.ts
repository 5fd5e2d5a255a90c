/** Words of stock: why it is adjusted, and what moved it. Pure. */
import type { Movement } from '../../api/schemas/catalogue.ts';

/** The choice that lets people say it themselves. */
export const OTHER_REASON = 'other';

/** The usual reasons for an adjustment; what is stored is the value. */
export const REASON_CHOICES = [
  { value: 'count', label: 'Count: this is what lies there' },
  { value: 'receipt', label: 'Receipt: goods came in' },
  { value: 'damaged', label: 'Damaged: can’t be sold' },
  { value: 'lost', label: 'Lost: not where it should be' },
  { value: 'found', label: 'Found: was believed lost' },
  { value: 'correction', label: 'Correction: the number was wrong' },
  { value: OTHER_REASON, label: 'Another reason…' },
] as const;

/** What kind of movement it was. */
export const MOVEMENT_WORDS: Readonly<Record<Movement['kind'], string>> = Object.freeze({
  adjustment: 'Adjusted',
  allocation: 'Allocated to an order',
  release: 'Freed again',
  sale: 'Left with a parcel',
});

/** A difference with its sign; a dash for none. */
export function signed(delta: number): string {
  if (delta === 0) return '–';
  return new Intl.NumberFormat(undefined, { signDisplay: 'exceptZero' }).format(delta);
}
