/** Orders put straight into the database, for tests of the lane that need neither API nor Temporal. */
import type { Db } from '../../db/connect.ts';
import { createIntake, type AcceptedRef } from '../../db/writes/intake.ts';
import { CHANNEL } from './shop.ts';
import { givenOrder, type GivenOrder } from './order.ts';

/** Accepts one order and returns its reference; no workflow is started. */
export async function accepted(db: Db, given: GivenOrder = {}): Promise<AcceptedRef> {
  const order = givenOrder(given);
  const result = await createIntake(db).accept({
    channel: CHANNEL,
    timeZone: 'UTC',
    idempotencyKey: order.externalId,
    fingerprint: order.externalId,
    origin: 'api',
    actor: 'story',
    policyVersion: 1,
    order,
    hasSlot: true,
    ...(given.accounts && { accounts: given.accounts }),
  });
  if (result.kind !== 'accepted') throw new Error(`the order was not accepted: ${result.kind}`);
  return result.ref;
}
