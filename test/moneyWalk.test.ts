/**
 * Money that cannot go wrong, by chance: orders with drawn tenders walk through lost answers, twins, messages in the middle of
 * calls, drops and captures at the gateway, receipts, refunds, cancels and time. Whatever happens, every state has to be right
 * with the money, and every order ends.
 *
 * More of them: HOLDFAST_WALKS=500 npx vitest run test/moneyWalk. One again: HOLDFAST_WALK_SEED=<seed>.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Db } from '../db/connect.ts';
import { openShop } from './given/shop.ts';
import { walkOrder } from './given/walk.ts';
import { freshDatabase, startPostgres, type TestPostgres } from './postgres.ts';

/** 22 in a row, and three that pass through what is rare: a rest that is charged anew, credit whose giving back got no answer. */
const USUAL_SEEDS = [...consecutive(1_000, 22), 1_036, 1_071, 1_081];
/** One walk takes half a second; the rest is for a busy machine. */
const PATIENCE_MILLIS = 30_000;

function consecutive(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function seedsToWalk(): number[] {
  const { HOLDFAST_WALKS: count, HOLDFAST_WALK_SEED: first } = process.env;
  if (count === undefined && first === undefined) return USUAL_SEEDS;
  return consecutive(Number(first ?? 1_000), Number(count ?? 1));
}

let postgres: TestPostgres;
let db: Db;
const masterKey = randomBytes(32);

beforeAll(async () => {
  postgres = await startPostgres();
  db = connect({ url: await freshDatabase(postgres.url), max: 10 });
  await openShop(db, { masterKey });
}, 120_000);

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

describe('the money of an order is right whatever happens', () => {
  it.each(seedsToWalk())(
    'HOLDFAST_WALK_SEED=%i',
    async (seed) => {
      const { wrong, story } = await walkOrder({ db, masterKey }, seed);
      expect(wrong, story).toEqual([]);
    },
    PATIENCE_MILLIS,
  );
});
