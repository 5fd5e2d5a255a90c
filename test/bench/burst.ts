/** B5: a burst of orders for one SKU of which only half as many exist. */
import type { Bench } from './context.ts';
import { orderPost, seedHotSku } from './goods.ts';
import { readOrder } from './histories.ts';
import { runBurst } from './load.ts';
import { percentile } from './statistics.ts';

export interface Burst {
  orders: number;
  lost: number;
  errors: number;
  oversold: number;
  acceptP99: number;
  settledSeconds: number;
}

/** Sends the burst and waits until every order has settled. */
export async function measureBurst(
  bench: Bench,
  options: { orders: number; seconds: number; units: number },
): Promise<Burst> {
  const sku = await seedHotSku(bench.db, options.units);
  const startedAt = performance.now();
  const load = await runBurst(options.seconds, options.orders, () =>
    orderPost(bench.stack.apiUrl, bench.apiKey, [sku]),
  );
  const taken = load.answers.filter((answer) => answer.status === 201);
  const ids = taken.map((answer) => readOrder(answer.text).id);
  await bench.settling.wait(ids);
  const settledSeconds = (performance.now() - startedAt) / 1_000;
  const stored = await bench.db.pool.query<{ n: number }>(
    'select count(*)::int as n from orders where id = any($1)',
    [ids],
  );
  const sold = await bench.db.pool.query<{ units: number }>(
    'select coalesce(sum(allocated), 0)::int as units from order_lines where sku = $1',
    [sku],
  );
  return {
    orders: options.orders,
    lost: ids.length - (stored.rows[0]?.n ?? 0),
    errors: load.errors + load.answers.length - taken.length,
    oversold: Math.max(0, (sold.rows[0]?.units ?? 0) - options.units),
    acceptP99: percentile(
      taken.map((answer) => answer.millis),
      0.99,
    ),
    settledSeconds,
  };
}
