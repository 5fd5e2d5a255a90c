/**
 * Tags of an order: added and removed as sets under the order's row lock, so that two people who change different tags at
 * once both get what they asked for. Like a note, a tag decides nothing and leaves `orders.version` alone (notes.ts).
 */
import { transaction, type Db } from '../connect.ts';
import { writeAudit, type Caller } from './audit.ts';
import { appendEvent, lockOrder } from './notes.ts';

/** The most tags an order may have. */
export const TAGS_MAX = 50;

/** What to add and to remove; no tag may be in both. */
export interface TagsChange {
  /** Order id or number. */
  order: string;
  /** Whose orders are found; null finds all. */
  channel: string | null;
  add: readonly string[];
  remove: readonly string[];
}

/** How a change ended; only `changed` stored anything. */
export type TagsResult =
  | { kind: 'changed' | 'unchanged'; orderId: string }
  | { kind: 'too_many'; count: number }
  | { kind: 'no_order' };

/** Adds and removes tags; what is there already, or is not there, changes nothing. May be repeated. */
export function changeTags(db: Pick<Db, 'pool'>, change: TagsChange, caller: Caller): Promise<TagsResult> {
  return transaction(db.pool, async (tx) => {
    const order = await lockOrder(tx, change.order, change.channel);
    if (!order) return { kind: 'no_order' };
    const added = [...new Set(change.add)].filter((tag) => !order.tags.includes(tag));
    const removed = order.tags.filter((tag) => change.remove.includes(tag));
    const { id: orderId } = order;
    if (added.length + removed.length === 0) return { kind: 'unchanged', orderId };
    const tags = [...order.tags.filter((tag) => !removed.includes(tag)), ...added];
    if (tags.length > TAGS_MAX) return { kind: 'too_many', count: tags.length };
    await tx.query('update orders set tags = $2 where id = $1', [orderId, tags]);
    await appendEvent(tx, {
      orderId,
      type: 'order.tags_changed',
      actor: caller.actor,
      data: { added, removed },
    });
    await writeAudit(tx, {
      ...caller,
      action: 'order.tags_changed',
      subject: orderId,
      data: { added, removed },
    });
    return { kind: 'changed', orderId };
  });
}
