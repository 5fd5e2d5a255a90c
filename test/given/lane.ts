/** A lane that applies commands at once, as the order's workflow does; nothing outside is called. */
import type { OrderLane } from '../../api/lane.ts';
import type { Db } from '../../db/connect.ts';
import { withOrder } from '../../db/writes/order.ts';

/** The lane over a database that may be opened later: `db` is asked for with each command. */
export function laneAtOnce(db: () => Pick<Db, 'pool'>): OrderLane {
  return {
    start: () => Promise.resolve(),
    ring: () => Promise.resolve(),
    async command({ orderId }) {
      await withOrder(db().pool, orderId);
    },
  };
}
