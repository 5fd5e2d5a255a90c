/** What reports count while an order goes its way: every state it leaves, and the fold by its schedule. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../api/schemas/reports.ts';
import { FOLD_WORKFLOW } from '../../workflows/contract.ts';
import { environment, waitFor, type Environment } from '../environment.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

interface Interval {
  stage: string;
  since: Date;
  until: Date;
}

async function intervals(orderId: string): Promise<Interval[]> {
  const { rows } = await env.db.pool.query<Interval>(
    'select stage, since, until from order_stages where order_id = $1 order by id',
    [orderId],
  );
  return rows;
}

describe('the states of an order', () => {
  it('follow each other from placed to delivered without a gap', async () => {
    const placed = await env.place({ lines: [{ sku: 'MUG', quantity: 2 }, { sku: 'TEA' }] });
    await env.until(placed.id, 'completed', (order) => order.lifecycle === 'completed');
    const left = await intervals(placed.id);
    const names = left.map((one) => one.stage);
    // With simulators that don't pause, one change may pass through several states; never back.
    const story = ['stock', 'payment', 'release', 'warehouse', 'handover', 'transport'];
    expect(names).toEqual(story.filter((stage) => names.includes(stage)));
    expect(names).toEqual(expect.arrayContaining(['stock', 'payment', 'warehouse']));
    for (const [index, one] of left.entries()) {
      expect(one.until.getTime()).toBeGreaterThanOrEqual(one.since.getTime());
      const next = left[index + 1];
      if (next) expect(next.since).toEqual(one.until);
    }
    const { rows } = await env.db.pool.query('select stage, stage_since from orders where id = $1', [
      placed.id,
    ]);
    expect(rows).toEqual([{ stage: 'ended', stage_since: left.at(-1)?.until }]);
  });

  it('turn to being cancelled when it is called off', async () => {
    const placed = await env.place({ policy: { releaseDelaySeconds: 3_600 } });
    await env.until(placed.id, 'paid', (order) => order.paymentStatus === 'authorized');
    await env.call('POST', `/v1/orders/${placed.id}/cancel`, {
      key: env.keys.support,
      idempotencyKey: `cancel-${placed.id}`,
      body: { reason: 'customer' },
    });
    await env.until(placed.id, 'cancelled', (order) => order.lifecycle === 'cancelled');
    const names = (await intervals(placed.id)).map((one) => one.stage);
    expect(names).toEqual(['stock', 'payment', 'release', 'undoing']);
  });
});

describe('the fold', () => {
  it('is done by its schedule within seconds, and the report stays the same', async () => {
    const { id, key } = await env.channel({ stockWaitSeconds: 86_400 });
    await env.place({ policy: { stockWaitSeconds: 86_400 } });
    const revenue = async () => {
      const { body } = await env.call<Report>('GET', '/v1/reports/sales?groupBy=channel', { key });
      return body.rows.map((row) => [row.key, row.values['orders'], row.values['revenue']]);
    };
    const before = await revenue();
    expect(before).toEqual([[id, 1, 1_000]]);
    const tail = async () => {
      const sql = `select count(*)::int as n from report_deltas where channel = $1 and report = 'sales'`;
      return (await env.db.pool.query<{ n: number }>(sql, [id])).rows[0]?.n;
    };
    await waitFor(tail, { what: 'folded', is: (rows) => rows === 0, seconds: 30 });
    expect(await revenue()).toEqual(before);
    const schedule = await env.temporal.schedule.getHandle(FOLD_WORKFLOW).describe();
    expect(schedule.info.numActionsTaken).toBeGreaterThan(0);
  });
});
