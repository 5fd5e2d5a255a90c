/** What a caller may see of people: the customers of an order, what staff write for each other, and their names. */
import type { Principal } from './auth.ts';

/** What may be shown. */
export interface Sight {
  /** Personal data of customers in full. */
  customers: boolean;
  /** Free text that staff write for colleagues: notes, how a case was closed, why an order was cancelled or retried. */
  staffTexts: boolean;
  /** What the keys of staff are called. */
  staffNames: boolean;
}

/**
 * A channel sees its own customers, never what goes on among staff; of staff, those with pii:read see customers and texts,
 * for a text may name a customer.
 */
export function sightOf({ channel, scopes }: Pick<Principal, 'channel' | 'scopes'>): Sight {
  const isStaff = channel === null;
  const readsPeople = scopes.has('pii:read');
  return { customers: !isStaff || readsPeople, staffTexts: isStaff && readsPeople, staffNames: isStaff };
}
