/**
 * Money that cannot go wrong, by chance: orders with drawn tenders walk through lost answers, twins, messages in the middle of
 * calls, drops and captures at the gateway, receipts, refunds, cancels and time. Whatever happens, every state has to be right
 * with the money, and every order ends.
 *
 * More of them: HOLDFAST_WALKS=500 npx vitest run test/moneyWalk. One again: HOLDFAST_WALK_SEED=<seed> HOLDFAST_WALKS=1.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Db } from '../db/connect.ts';
import { openShop } from './given/shop.ts';
import { walkOrder } from './given/walk.ts';
import { freshDatabase, startPostgres, type TestPostgres } from './postgres.ts';

const WALKS = Number(process.env['HOLDFAST_WALKS'] ?? 25);
const FIRST_SEED = Number(process.env['HOLDFAST_WALK_SEED'] ?? 1_000);
/** One walk takes half a second; the rest is for a busy machine. */
const PATIENCE_MILLIS = 30_000;

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
  const seeds = Array.from({ length: WALKS }, (_, index) => FIRST_SEED + index);
  it.each(seeds)(
    'HOLDFAST_WALK_SEED=%i',
    async (seed) => {
      const { wrong, story } = await walkOrder({ db, masterKey }, seed);
      expect(wrong, story).toEqual([]);
    },
    PATIENCE_MILLIS,
  );
});
