/**
 * Live changes: `GET /v1/stream` sends server-sent events. Event `ready` opens the stream. Event `change` carries a ChangeNote as JSON and, as its id,
 * the place in the feed: a client that comes back with Last-Event-ID gets what it missed. Event `reset` says that more
 * was missed than is sent: read again whatever is shown. Comments keep the connection open.
 */
import { z } from 'zod';
import { at } from './fields.ts';

/** The query of the stream, for clients that can't send Last-Event-ID. */
export const StreamQuery = z.strictObject({
  after: z.string().min(1).max(200).optional().meta({ description: 'The id of the last event you have.' }),
});

/** One change: enough to know what to read again, never personal data. */
export const ChangeNote = z
  .strictObject({
    id: z.string(),
    type: z.string().meta({ example: 'order.cancelled' }),
    orderId: z.string().nullable(),
    orderNumber: z.int().nullable(),
    channel: z.string().nullable(),
    actor: z.string(),
    at,
  })
  .meta({ id: 'ChangeNote' });

/** Types for clients. */
export type Change = z.output<typeof ChangeNote>;
