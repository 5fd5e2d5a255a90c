/** Payouts of the gateway, as it reports them. They belong to no order. */
import type { GatewayPayout } from '../../domain/truth.ts';
import type { Db } from '../connect.ts';

/** Later states win: reports come in any order, and a payout that was paid may still fail. */
const STATE_RANK = `array_position(array['pending', 'in_transit', 'paid', 'canceled', 'failed'], %s)`;

/** Writes payouts down, or what is newer of those that are known. */
export async function storePayouts(
  db: Pick<Db, 'pool'>,
  provider: string,
  payouts: readonly GatewayPayout[],
): Promise<void> {
  const rank = (column: string) => STATE_RANK.replace('%s', column);
  for (const one of payouts) {
    await db.pool.query(
      `insert into payouts as known (id, provider, amount_minor, currency, state, arrives_at, contents) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (id) do update set amount_minor = excluded.amount_minor, state = excluded.state,
         arrives_at = excluded.arrives_at, updated_at = now(),
         contents = case when excluded.contents = 'later' then known.contents else excluded.contents end
       where ${rank('excluded.state')} > ${rank('known.state')}
         or (excluded.state = known.state and (excluded.arrives_at is distinct from known.arrives_at
           or excluded.contents not in (known.contents, 'later')))`,
      [one.id, provider, one.amountMinor, one.currency, one.state, one.arrivesAt, one.contents],
    );
  }
}
