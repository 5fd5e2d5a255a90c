/**
 * Seeded orders are like real ones: what is stored of them agrees with itself and with the rules that the lane goes by,
 * and the API shows each of them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderBody } from '../../api/schemas/orders.ts';
import { NewOrderBody } from '../../api/schemas/newOrder.ts';
import { paymentStatus } from '../../domain/payment.ts';
import { withDefaults } from '../../domain/policy.ts';
import { seededRandom } from '../../domain/random.ts';
import { STAGES, stageOf } from '../../domain/stage.ts';
import { totalsMismatches } from '../../domain/totals.ts';
import { wantedWaits } from '../../domain/waits.ts';
import { startApi, type TestApi } from '../../test/api.ts';
import { startPostgres, type TestPostgres } from '../../test/postgres.ts';
import { checkLedger } from '../reads/ledgerCheck.ts';
import { loadSnapshot } from '../reads/snapshot.ts';
import { viewOf } from '../reads/view.ts';
import { createChannel } from '../writes/channels.ts';
import { fillBasket } from './basket.ts';
import { SeedChannelTaken, SeedPresent, seedOrders, type SeedResult } from './run.ts';
import { SEED_CHANNELS, seedCatalogue } from './shop.ts';

const ORDERS = 1_500;
const UNTIL = new Date('2026-03-20T15:00:00Z');
const OPTIONS = { orders: ORDERS, seed: 7, days: 12, until: UNTIL };

let postgres: TestPostgres;
let one: TestApi;
let made: SeedResult;

beforeAll(async () => {
  postgres = await startPostgres();
  one = await startApi(postgres.url);
  made = await seedOrders(one.db, OPTIONS);
}, 120_000);

afterAll(async () => {
  await one?.stop();
  await postgres?.stop();
});

async function rows<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
  return (await one.db.pool.query<T>(sql, values)).rows;
}

describe('baskets', () => {
  it('are orders that the API would take', () => {
    const random = seededRandom(3);
    const source = { random, items: seedCatalogue(seededRandom(1)), customersMax: 50, tag: 'T' };
    for (let index = 0; index < 300; index += 1) {
      const channel = random.pick(SEED_CHANNELS);
      const order = fillBasket(source, { channel, index, placedAt: UNTIL.getTime() });
      expect(totalsMismatches(order), order.externalId).toEqual([]);
      expect(NewOrderBody.safeParse(order).error, order.externalId).toBeUndefined();
    }
  });
});

describe('seeded orders', () => {
  it('are all there, in every state, with open cases of several causes', async () => {
    expect(made.orders).toBe(ORDERS);
    const stages = await rows<{ stage: string }>('select distinct stage from orders');
    // An undo takes a second or two: no order need be in it.
    const expected = STAGES.filter((stage) => stage !== 'undoing');
    expect(stages.map((row) => row.stage)).toEqual(expect.arrayContaining(expected));
    const causes = await rows('select distinct code from cases where resolved_at is null');
    expect(causes.length).toBeGreaterThanOrEqual(4);
    const [late] = await rows<{ n: number }>(
      `select count(*) as n from orders where promised_by < $1 and stage <> 'ended'`,
      [UNTIL],
    );
    expect(late?.n).toBeGreaterThan(0);
  });

  it('leave no orphan behind', async () => {
    const keys = await rows<{ sql: string }>(
      `select format('select count(*) as n from %s c where %s and not exists (select from %s p where %s)', conrelid::regclass,
         (select string_agg(format('c.%I is not null', a.attname), ' and ') from unnest(conkey) k join pg_attribute a on a.attrelid = conrelid and a.attnum = k),
         confrelid::regclass,
         (select string_agg(format('p.%I = c.%I', f.attname, a.attname), ' and ') from unnest(conkey, confkey) as k(child, parent)
          join pg_attribute a on a.attrelid = conrelid and a.attnum = k.child
          join pg_attribute f on f.attrelid = confrelid and f.attnum = k.parent)) as sql
       from pg_constraint where contype = 'f'`,
    );
    expect(keys.length).toBeGreaterThan(20);
    for (const { sql } of keys) expect(await rows(sql), sql).toEqual([{ n: 0 }]);
  });

  it('are where the rules say they are, wait for what the rules say, and nothing drives them', async () => {
    const open = await rows<{
      id: string;
      stage: string;
      due_at: Date | null;
      attention: string[];
      payment_status: string;
    }>(
      `select id, stage, due_at, attention, payment_status from orders where stage <> 'ended' or attention <> '{}'`,
    );
    expect(open.length).toBeGreaterThan(100);
    for (const order of open) {
      const snapshot = await loadSnapshot(one.db.pool, order.id);
      if (!snapshot) throw new Error(`${order.id} is gone`);
      const view = viewOf(snapshot);
      expect(order.due_at).toBeNull();
      expect(order.stage).toBe(stageOf(view));
      expect(order.attention).toEqual(view.attention);
      const wanted = wantedWaits(view, withDefaults(snapshot.policy))
        .filter((wait) => wait.at === undefined || Date.parse(wait.at) > UNTIL.getTime())
        .map((wait) => `${wait.subject} ${wait.kind}`);
      const waits = view.waits.filter((wait) => wait.kind !== 'retry');
      expect(waits.map((wait) => `${wait.subject} ${wait.kind}`).toSorted()).toEqual(wanted.toSorted());
      const { payments } = snapshot;
      const sum = (pick: (payment: (typeof payments)[number]) => number) =>
        payments.reduce((total, payment) => total + pick(payment), 0);
      const folded = paymentStatus({
        totalMinor: snapshot.order.totalMinor,
        authorizedMinor: sum((one) => (one.state === 'authorized' ? one.authorizedMinor : 0)),
        capturedMinor: sum((one) => one.capturedMinor),
        refundedMinor: 0,
        voidedMinor: sum((one) => one.voidedMinor),
        pending: false,
      });
      expect(order.payment_status).toBe(folded);
    }
  });

  it('balance: money, units, stock and shares', async () => {
    const nothing: [name: string, sql: string][] = [
      ['postings of a key', 'select key from ledger group by key having sum(amount_minor) <> 0'],
      [
        'captured is in the books',
        `select p.order_id from payments p join orders o on o.id = p.order_id where o.origin <> 'history' group by 1
         having sum(captured_minor) <> coalesce((select sum(amount_minor) from ledger l where l.order_id = p.order_id and account <> 'customer'), 0)`,
      ],
      [
        'captured is what the reports count',
        `select currency from (
           select report, currency, amount_minor from report_days union all select report, currency, amount_minor from report_deltas
           union all select 'captured', currency, -amount_minor from payment_events where type = 'charge_success') a
         where report = 'captured' group by 1 having sum(amount_minor) <> 0`,
      ],
      [
        'shares are worth the order',
        `select o.id from orders o join fulfillment_orders f on f.order_id = o.id group by 1, o.total_minor having sum(f.amount_minor) <> o.total_minor`,
      ],
      [
        'lines are units of shares',
        `select l.order_id from order_lines l join orders o on o.id = l.order_id
         left join fulfillment_orders f on f.order_id = l.order_id
         left join fulfillment_lines fl on fl.fulfillment_id = f.id and fl.line_no = l.line_no
         where l.allocated > 0 and o.origin <> 'history' group by l.order_id, l.line_no, l.quantity having coalesce(sum(fl.quantity), 0) <> l.quantity`,
      ],
      [
        'stock is the sum of its movements',
        `select s.sku from stock s join stock_movements m on m.sku = s.sku and m.location = s.location
         group by s.sku, s.location, s.on_hand, s.allocated having sum(on_hand_delta) <> s.on_hand or sum(allocated_delta) <> s.allocated`,
      ],
      [
        'events are counted without a gap',
        `select o.id from orders o join events e on e.order_id = o.id group by o.id, o.event_seq having count(*) <> o.event_seq or max(e.seq) <> o.event_seq`,
      ],
      [
        'nothing happened after the end, or before it was placed',
        `select order_id from events e join orders o on o.id = e.order_id where e.created_at > '2026-03-20T15:00:00Z' or e.created_at < o.created_at`,
      ],
      [
        'states follow each other without a gap',
        `select s.order_id from (select order_id, since, lag(until) over (partition by order_id order by id) as before from order_stages) s
         where before is not null and before <> since`,
      ],
    ];
    for (const [name, sql] of nothing) expect(await rows(sql), name).toEqual([]);
    expect(await checkLedger(one.db.pool)).toMatchObject({ wrong: 0, problems: [] });
  });

  it('are shown by the API, each of a sample', async () => {
    const sample = await rows<{ number: number }>(
      `select distinct on (stage, lifecycle, attention, origin, line_count) number from orders
       order by stage, lifecycle, attention, origin, line_count, number`,
    );
    expect(sample.length).toBeGreaterThan(20);
    for (const { number } of sample) {
      const answer = await one.call('GET', `/v1/orders/${number}`, { key: one.keys.support });
      expect(answer.status).toBe(200);
      const parsed = OrderBody.safeParse(answer.body);
      expect(parsed.error, `order ${number}`).toBeUndefined();
    }
  });

  it('never go into the channel of a business that has the name of a seeded one', async () => {
    const business = await startApi(postgres.url);
    try {
      const [taken] = SEED_CHANNELS;
      const by = { actor: 'test', masterKey: Buffer.alloc(0) };
      await createChannel(business.db, { id: taken?.id ?? '', name: 'A business' }, by);
      await expect(seedOrders(business.db, OPTIONS)).rejects.toThrow(SeedChannelTaken);
      const { rows: left } = await business.db.pool.query(
        'select (select count(*) from orders) as orders, (select count(*) from channels where is_demo) as channels',
      );
      expect(left).toEqual([{ orders: 0, channels: 0 }]);
    } finally {
      await business.stop();
    }
  });

  it('are made of the seed alone, and only once', async () => {
    await expect(seedOrders(one.db, OPTIONS)).rejects.toThrow(SeedPresent);
    const two = await startApi(postgres.url);
    try {
      await seedOrders(two.db, OPTIONS);
      const sql = `select md5(string_agg(x, '' order by x)) as hash from (
        select to_jsonb(o)::text as x from orders o union all select (to_jsonb(l))::text from order_lines l
        union all select to_jsonb(c)::text from contacts c union all select (to_jsonb(s) - 'id')::text from order_stages s
        union all select (to_jsonb(d))::text from report_days d union all select to_jsonb(k)::text from cases k) all_rows`;
      const theirs = (await two.db.pool.query<{ hash: string }>(sql)).rows;
      expect(await rows(sql)).toEqual(theirs);
    } finally {
      await two.stop();
    }
  }, 60_000);
});
