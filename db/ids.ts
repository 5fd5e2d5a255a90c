/** Ids: a readable prefix and a time-ordered UUIDv7 in hex, so that primary keys grow at one end of the index. */
import { v7 } from 'uuid';

/** Prefixes in use: order, command, fact, contact, case, inbound body, request, note, own view, refund and its movement, reconciliation and its finding, credit account and its hold. */
export type IdPrefix =
  | 'ord'
  | 'cmd'
  | 'fct'
  | 'con'
  | 'cas'
  | 'inb'
  | 'req'
  | 'not'
  | 'viw'
  | 'rfd'
  | 'rfa'
  | 'rec'
  | 'fnd'
  | 'rcp'
  | 'crd'
  | 'crh';

/** A new id such as `ord_0193…`; never repeats, sorts by time of making. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${v7().replaceAll('-', '')}`;
}
