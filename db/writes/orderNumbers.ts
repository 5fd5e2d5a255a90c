/**
 * Order numbers, known before the order is stored: blocks of 32 from a sequence, held by this process. A number that was
 * not used goes back; what a process holds when it ends is lost, so numbers have gaps and are no count of orders.
 */
import type pg from 'pg';

const BLOCK_SIZE = 32;
const REFILL_BELOW = 16;

/** A pool of unused order numbers. */
export interface OrderNumbers {
  /** The next number; waits for the database only when none is left. */
  take(): number | Promise<number>;
  /** Returns a number that surely was not stored. */
  giveBack(orderNumber: number): void;
}

/** Opens a pool over `order_number_block` (increment 32). One per process. */
export function createOrderNumbers(pool: pg.Pool): OrderNumbers {
  const free: number[] = [];
  let refilling: Promise<void> | undefined;

  function refill(): Promise<void> {
    refilling ??= fetchBlock(pool)
      .then((first) => {
        for (let offset = 0; offset < BLOCK_SIZE; offset += 1) free.push(first + offset);
      })
      .finally(() => {
        refilling = undefined;
      });
    return refilling;
  }

  async function takeLater(): Promise<number> {
    for (;;) {
      const orderNumber = free.shift();
      if (orderNumber !== undefined) return orderNumber;
      await refill();
    }
  }

  return {
    take() {
      const orderNumber = free.shift();
      if (orderNumber === undefined) return takeLater();
      // A refill that fails shows at the next caller who finds the pool empty.
      if (free.length < REFILL_BELOW) refill().catch(() => undefined);
      return orderNumber;
    },
    giveBack(orderNumber) {
      free.unshift(orderNumber);
    },
  };
}

async function fetchBlock(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ first: number }>({
    name: 'order_number_block',
    text: "select nextval('order_number_block') as first",
  });
  const row = rows[0];
  if (!row) throw new Error('the sequence gave nothing');
  return row.first;
}
