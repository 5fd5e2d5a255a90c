/** Stock of the seeded shop: every unit that orders hold or took away is accounted for by a movement. */
import type { Random } from '../../domain/random.ts';
import type { Tx } from '../connect.ts';
import { at, type SeedRows } from './copy.ts';
import type { SeedItem } from './shop.ts';

interface Level {
  sku: string;
  location: string;
  allocated: number;
  sold: number;
}

/** One movement of an order's units. */
export interface StockMove {
  key: string;
  sku: string;
  location: string;
  kind: 'allocation' | 'release' | 'sale';
  quantity: number;
  orderId: string;
  at: number;
}

const EFFECTS = {
  allocation: { onHand: 0, allocated: 1 },
  release: { onHand: 0, allocated: -1 },
  sale: { onHand: -1, allocated: -1 },
} as const;

/** What orders do to stock, added up. */
export class SeedStock {
  readonly #levels = new Map<string, Level>();

  /** Moves units of an order. */
  move(rows: SeedRows, move: StockMove): void {
    const effect = EFFECTS[move.kind];
    const place = `${move.sku} ${move.location}`;
    const level = this.#levels.get(place) ?? {
      sku: move.sku,
      location: move.location,
      allocated: 0,
      sold: 0,
    };
    level.allocated += effect.allocated * move.quantity;
    level.sold -= effect.onHand * move.quantity;
    this.#levels.set(place, level);
    rows.add('stock_movements', [
      move.key,
      move.sku,
      move.location,
      move.kind,
      effect.onHand * move.quantity,
      effect.allocated * move.quantity,
      move.orderId,
      null,
      'system',
      at(move.at),
    ]);
  }

  /**
   * Puts what the orders took, what they hold and what is still to be had on the shelves, as goods received before the
   * first of them. Adds to what lies there already. `tag` keeps the movements of two seeds apart.
   */
  async store(
    tx: Tx,
    given: {
      items: readonly SeedItem[];
      locations: readonly string[];
      random: Random;
      tag: string;
      at: number;
    },
  ): Promise<void> {
    const { random } = given;
    const levels = given.items.flatMap((item) =>
      given.locations.map((location) => {
        const known = this.#levels.get(`${item.sku} ${location}`);
        const available = random.chance(0.1) ? random.whole(0, 5) : random.whole(20, 400);
        const allocated = known?.allocated ?? 0;
        return {
          sku: item.sku,
          location,
          allocated,
          received: allocated + available + (known?.sold ?? 0),
          on_hand: allocated + available,
        };
      }),
    );
    await tx.query(
      `with given as (select * from jsonb_to_recordset($1::jsonb) as g (sku text, location text, allocated int, received int, on_hand int)),
       moved as (
         insert into stock_movements (key, sku, location, kind, on_hand_delta, allocated_delta, reason, actor, created_at)
         select 'seed/' || $2 || '/' || sku || '/' || location, sku, location, 'adjustment', received, 0, 'received', 'administrator', $3
         from given order by sku, location)
       insert into stock (sku, location, on_hand, allocated) select sku, location, on_hand, allocated from given order by sku, location
       on conflict (sku, location) do update
       set on_hand = stock.on_hand + excluded.on_hand, allocated = stock.allocated + excluded.allocated`,
      [JSON.stringify(levels), given.tag, at(given.at)],
    );
  }
}
