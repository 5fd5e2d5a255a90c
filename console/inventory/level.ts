/** What an adjustment would make of a level, before it is sent. Pure. */

import { formatCount } from '../format.ts';

/** A level of stock. */
export interface Level {
  onHand: number;
  allocated: number;
}

/** How the number is meant: as a difference, or as what was counted. */
export type AdjustMode = 'difference' | 'counted';

/** What was typed, as the API takes it; or why it can't be sent. */
export type Amount = { delta: number } | { setTo: number };

/** The most units that a location holds; the API refuses more. */
const UNITS_MAX = 1_000_000_000;

/** Reads the number; a string says what is wrong with it. */
export function amountOf(mode: AdjustMode, typed: string): Amount | string {
  // A minus sign that came out of a spreadsheet or a phone is one too.
  const text = typed.trim().replace(/^[\u2212\u2013]/, '-');
  if (mode === 'counted') {
    if (!/^\d{1,10}$/.test(text)) return 'The number that was counted: 0 or more, without a sign.';
    return Number(text) > UNITS_MAX ? `At most ${formatCount(UNITS_MAX)}.` : { setTo: Number(text) };
  }
  if (!/^[+-]?\d{1,10}$/.test(text)) return 'A whole number: 5 or +5 for more, -5 for less.';
  const delta = Number(text);
  if (delta === 0) return 'Nothing would change.';
  return Math.abs(delta) > UNITS_MAX ? `At most ${formatCount(UNITS_MAX)}.` : { delta };
}

/** What the level would be. */
export interface Preview {
  onHand: number;
  available: number;
  /** What stands against it, in words; undefined when nothing does. */
  warning: string | undefined;
}

/** The level after the adjustment; the API refuses one that leaves less than is allocated. */
export function previewOf(level: Level, amount: Amount): Preview {
  const onHand = 'delta' in amount ? level.onHand + amount.delta : amount.setTo;
  return { onHand, available: onHand - level.allocated, warning: warningOf(level, onHand) };
}

function warningOf({ onHand: before, allocated }: Level, onHand: number): string | undefined {
  if (onHand < 0) return `Only ${formatCount(before)} are on hand: there can’t be fewer than none.`;
  if (onHand < allocated)
    return `Fewer than the ${formatCount(allocated)} that are allocated to orders: at least ${formatCount(allocated)} must stay on hand.`;
  return undefined;
}
