/**
 * Fills a database with made-up orders: the same seed and end give the same orders, only their numbers come from the
 * database. By COPY, a batch a transaction, so that 100,000 orders take about 1.5 minutes on 2 cores; what reports count of a batch
 * is written with it and folded at the end.
 */
import { withDefaults, type Policy } from '../../domain/policy.ts';
import { seededRandom, type Random } from '../../domain/random.ts';
import { transaction, type Db, type Tx } from '../connect.ts';
import { writeAudit } from '../writes/audit.ts';
import { createChannel } from '../writes/channels.ts';
import { upsertItems } from '../writes/inventory.ts';
import { foldReports } from '../writes/reportFold.ts';
import { DAY, HOUR } from './agenda.ts';
import { fillBasket, weighted, type BasketSource } from './basket.ts';
import { SeedRows } from './copy.ts';
import { SeedCounts } from './counts.ts';
import { SeedLife, seedId, seedTail, type SeedBatch, type SeedWorld } from './life.ts';
import { writeOrder } from './rows.ts';
import { SEED_CHANNELS, SEED_LOCATIONS, seedCatalogue, type SeedChannel } from './shop.ts';
import { countSale } from './steps.ts';
import { bookAtChannel } from './money.ts';
import { SeedStock } from './stock.ts';
import { tellLife } from './story.ts';

/** What to fill in. */
export interface SeedOptions {
  orders: number;
  seed: number;
  /** The orders were placed within so many days before `until`. */
  days: number;
  until: Date;
  /** Called after every batch with the orders stored so far. */
  onProgress?: (orders: number) => void;
}

/** What was filled in. */
export interface SeedResult {
  orders: number;
  rows: number;
  seconds: number;
}

/** These orders are there already: another seed adds others. */
export class SeedPresent extends Error {
  override readonly name = 'SeedPresent';
}

/** A channel of the seeded shop's name is somebody's business: nothing made up goes in there, whoever asks for it. */
export class SeedChannelTaken extends Error {
  override readonly name = 'SeedChannelTaken';
}

const BATCH_ORDERS = 2_500;
/** Numbers are taken from the sequence in the blocks that intake takes (see db/writes/orderNumbers.ts). */
const NUMBER_BLOCK = 32;
const POLICY: Partial<Policy> = { releaseDelaySeconds: 1_800 };
const CALLER = Object.freeze({ actor: 'administrator' });

/** Fills the database. Throws SeedChannelTaken, and SeedPresent when orders of this seed and size are there; an interrupted run leaves whole batches. */
export async function seedOrders(db: Db, options: SeedOptions): Promise<SeedResult> {
  const begun = performance.now();
  const tag = `S${options.seed}-${options.orders}`;
  const random = seededRandom(options.seed);
  const items = seedCatalogue(seededRandom(1));
  await refuseTaken(db);
  await refusePresent(db, tag);
  await openShop(db, items);
  const placed = drawPlaces(random, options);
  const numbers = await takeNumbers(db, placed.length);
  const world: SeedWorld = {
    random,
    untilMillis: options.until.getTime(),
    policy: withDefaults(POLICY),
    items: new Map(items.map((item) => [item.sku, item])),
    stock: new SeedStock(),
  };
  const source: BasketSource = {
    random,
    items,
    customersMax: Math.max(20, Math.ceil(options.orders / 4)),
    tag,
  };
  const sender = new Sender(db);
  for (let at = 0; at < placed.length; at += BATCH_ORDERS) {
    const batch: SeedBatch = { rows: new SeedRows(), counts: new SeedCounts() };
    for (const [offset, one] of placed.slice(at, at + BATCH_ORDERS).entries()) {
      const index = at + offset;
      addOrder(world, batch, { ...one, source, index, number: numbers[index] ?? 0, options });
    }
    batch.counts.write(batch.rows);
    await sender.send(batch.rows);
    options.onProgress?.(Math.min(placed.length, at + BATCH_ORDERS));
  }
  await sender.end();
  await transaction(db.pool, async (tx) => {
    const locations = SEED_LOCATIONS.map((location) => location.id);
    await world.stock.store(tx, {
      items,
      locations,
      random,
      tag,
      at: world.untilMillis - (options.days + 1) * DAY,
    });
    await writeAudit(tx, { ...CALLER, action: 'demo.seeded', subject: tag, data: { orders: placed.length } });
  });
  await foldReports(db.pool, { rowsMax: 20_000, roundsMax: 1_000 });
  await db.pool.query('analyze');
  return { orders: placed.length, rows: sender.rows, seconds: (performance.now() - begun) / 1000 };
}

/** Stores batches, two at a time, while the next one is made. */
class Sender {
  rows = 0;
  readonly #db: Db;
  #inFlight: Promise<number>[] = [];
  constructor(db: Db) {
    this.#db = db;
  }
  /** Takes a batch; waits while two others are being stored. */
  async send(rows: SeedRows): Promise<void> {
    if (this.#inFlight.length > 1) this.rows += (await this.#inFlight.shift()) ?? 0;
    const sending = transaction(this.#db.pool, (tx) => store(tx, rows));
    // Whoever awaits it later sees the failure; until then it must not count as unhandled.
    sending.catch(() => undefined);
    this.#inFlight.push(sending);
  }
  /** Waits until everything is stored. */
  async end(): Promise<void> {
    for (const count of await Promise.all(this.#inFlight)) this.rows += count;
    this.#inFlight = [];
  }
}

/**
 * One batch, whole or not at all. Rows and those they refer to are made together, so where the account may, foreign keys
 * are not looked up again for each (half of the time); a test looks for orphans instead. CHECK constraints hold as ever.
 */
async function store(tx: Tx, rows: SeedRows): Promise<number> {
  // A crash may take the last batches with it; they are made up anyway.
  await tx.query('set local synchronous_commit = off');
  await tx.query(
    `select set_config('session_replication_role', 'replica', true)
     where has_parameter_privilege('session_replication_role', 'set')`,
  );
  return rows.send(tx);
}

async function refuseTaken(db: Db): Promise<void> {
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from channels where id = any ($1) and not is_demo order by id',
    [SEED_CHANNELS.map((channel) => channel.id)],
  );
  if (rows.length > 0)
    throw new SeedChannelTaken(
      `The channels of a business have the names of seeded ones: ${rows.map((row) => row.id).join(', ')}.`,
    );
}

async function refusePresent(db: Db, tag: string): Promise<void> {
  const { rowCount } = await db.pool.query(
    'select from orders where external_id = $1 and channel = any ($2)',
    [`${tag}-000001`, SEED_CHANNELS.map((channel) => channel.id)],
  );
  if (rowCount) throw new SeedPresent(`orders ${tag} are there already`);
}

async function openShop(db: Db, items: ReturnType<typeof seedCatalogue>): Promise<void> {
  for (const channel of SEED_CHANNELS)
    await createChannel(
      db,
      { id: channel.id, name: channel.name, timeZone: channel.timeZone, isDemo: true, policy: POLICY },
      // No secret is given, so nothing is sealed.
      { ...CALLER, masterKey: Buffer.alloc(0) },
    );
  await upsertItems(
    db,
    items.map(({ sku, name, variant, weightGrams }) => ({ sku, name, variant, weightGrams })),
    CALLER,
  );
  await db.pool.query(
    `insert into locations (id, name, priority, address)
     select id, name, 50, address from jsonb_to_recordset($1::jsonb) as l (id text, name text, address jsonb)
     on conflict (id) do nothing`,
    [JSON.stringify(SEED_LOCATIONS)],
  );
}

interface Placed {
  at: number;
  channel: SeedChannel;
}

/** How much of a day's business is done in each hour of it, where the shop is. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 10, 10, 11, 10, 9, 9, 9, 10, 11, 13, 14, 12, 8, 4];
/** And on each day of the week, Sunday first. */
const WEEKDAYS = [12, 11, 10, 10, 10, 11, 9];

/** When and where orders are placed: more by day than by night, more on Sundays, growing a little; in the order of time. */
function drawPlaces(random: Random, options: SeedOptions): Placed[] {
  const until = options.until.getTime();
  const channels = SEED_CHANNELS.map((channel) => [channel, channel.weight] as const);
  const hours = HOURS.map((weight, hour) => [hour, weight] as const);
  const heaviest = Math.max(...WEEKDAYS);
  const placed: Placed[] = [];
  while (placed.length < options.orders) {
    const channel = weighted(random, channels);
    const age = Math.floor((random.whole(0, 999_999) / 1_000_000) ** 1.15 * options.days);
    const midnight = Math.floor(until / DAY) * DAY - age * DAY;
    const isTaken = random.whole(1, heaviest) <= (WEEKDAYS[new Date(midnight).getUTCDay()] ?? heaviest);
    const local = weighted(random, hours) * HOUR + random.whole(0, HOUR - 1);
    const at = midnight + local - offsetOf(channel.timeZone, midnight);
    // Today's hours that are still to come were those of the day before the first.
    const inTime = at < until ? at : at - options.days * DAY;
    if (isTaken && inTime < until) placed.push({ at: inTime, channel });
  }
  return placed.toSorted((a, b) => a.at - b.at);
}

const offsets = new Map<string, number>();

/** How far a zone's clocks are ahead of UTC on a day, in milliseconds. */
function offsetOf(timeZone: string, midnight: number): number {
  const place = `${timeZone} ${midnight}`;
  const known = offsets.get(place);
  if (known !== undefined) return known;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(
    midnight,
  );
  const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(text) ?? [];
  const offset = (Number(hours) * HOUR + Number(minutes) * 60_000) * (sign === '-' ? -1 : 1);
  offsets.set(place, offset);
  return offset;
}

async function takeNumbers(db: Db, count: number): Promise<number[]> {
  const { rows } = await db.pool.query<{ first: number }>(
    `select nextval('order_number_block') as first from generate_series(1, $1::int) order by 1`,
    [Math.ceil(count / NUMBER_BLOCK)],
  );
  return rows.flatMap(({ first }) => Array.from({ length: NUMBER_BLOCK }, (_, offset) => first + offset));
}

/** Makes one order and tells its life; one of the past was finished elsewhere and is only kept. */
function addOrder(
  world: SeedWorld,
  batch: SeedBatch,
  given: Placed & { source: BasketSource; index: number; number: number; options: SeedOptions },
): void {
  const { channel, at, options } = given;
  const takenOver = world.untilMillis - (options.days / 2) * DAY;
  const isPast = channel.hasHistory && at < takenOver;
  const basket = fillBasket(given.source, { channel, index: given.index, placedAt: at });
  const paid = { method: 'prepaid', number: basket.externalId, time: new Date(at).toISOString() } as const;
  const order = isPast ? { ...basket, payment: paid } : basket;
  const createdAt = isPast ? takenOver : at;
  const tail = seedTail(world.random);
  const id = seedId('ord', { at: createdAt, count: 0, tail });
  const identity = { id, tail, number: given.number, placedAt: at, createdAt };
  const life = new SeedLife(world, batch, { identity, channel, order });
  if (isPast) tellPast(life);
  else tellLife(life);
  writeOrder(life, isPast ? 'history' : 'api');
}

function tellPast(life: SeedLife): void {
  const { order, sums, view, lines } = life;
  const total = { amount: sums.totalMinor, currency: order.currency };
  const data = {
    externalId: order.externalId,
    origin: 'history',
    lineCount: lines.length,
    total,
    history: true,
  };
  life.event('order.placed', data, { at: life.createdAt, actor: `key:${life.channel.id}` });
  countSale(life);
  const id = `pay_${view.orderId.slice(4)}_0_1`;
  bookAtChannel(life, { id, providerRef: order.externalId, at: life.placedAt });
  for (const line of lines) {
    const { quantity } = line;
    Object.assign(line, { allocated: quantity, fulfilled: quantity, shipped: quantity, delivered: quantity });
  }
  view.lifecycle = 'completed';
  life.completedAt = Math.min(life.placedAt + 3 * DAY, life.createdAt);
  life.stage = 'ended';
}
