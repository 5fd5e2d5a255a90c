/**
 * A pool whose transactions on credit accounts get lost as calls to a gateway do: before they are committed or after. Everything
 * else goes through unchanged.
 */
import type pg from 'pg';
import { loseAnswer, loseCall, meanwhile, type World } from './walkWorld.ts';

/** The pool as activities of this world have it. */
export function troubledPool(pool: pg.Pool, world: World): pg.Pool {
  const troubled: pg.Pool = Object.create(pool);
  // The pool's own methods connect with a callback; transactions do not.
  const connect = async (callback?: Parameters<pg.Pool['connect']>[0]) =>
    callback ? pool.connect(callback) : troubledClient(await pool.connect(), world);
  return Object.assign(troubled, { connect });
}

function troubledClient(client: pg.PoolClient, world: World): pg.PoolClient {
  const troubled: pg.PoolClient = Object.create(client);
  let isCredit = false;
  const query = async (statement: string | pg.QueryConfig, values?: unknown[]) => {
    const text = typeof statement === 'string' ? statement : statement.text;
    isCredit ||= text.includes('credit_holds');
    const isEnd = isCredit && text === 'commit';
    if (isEnd) loseCall(world);
    const result = await client.query(statement, values);
    if (isEnd) {
      // Nothing is locked any more: a twin may do the same.
      await meanwhile(world);
      loseAnswer(world);
    }
    return result;
  };
  return Object.assign(troubled, { query });
}
