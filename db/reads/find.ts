/** How one order is found by what a caller has in hand: its id or its number, within the caller's channel; and how the key behind an actor is. */

/** The condition that finds one order by id or number within a channel: `$1` id, `$2` number, `$3` channel or null. */
export const BY_ID_OR_NUMBER =
  '(o.id = $1 or o.number = $2::bigint) and ($3::text is null or o.channel = $3)';

/** Parameters of BY_ID_OR_NUMBER. */
export function orderParameters(
  order: string,
  channel: string | null,
): [string, number | null, string | null] {
  return [order, /^\d{1,15}$/.test(order) ? Number(order) : null, channel];
}

/** The id of the key behind an actor (`key:<id>`), null for other actors; `column` holds the actor. */
export const KEY_OF = (column: string) => `case when ${column} like 'key:%' then substr(${column}, 5) end`;
