/** What people at a desk write: notes, tags, assignments, own views, demo orders. */
import { z } from 'zod';
import { DEMO_STORIES } from '../../domain/demo.ts';
import { ORDER_VIEWS } from '../../domain/orderViews.ts';
import { at, text } from './fields.ts';
import { OrderSummaryBody } from './orders.ts';

/** A note to add; may hold personal data, so it is shown to staff with pii:read only. */
export const NoteInputBody = z.strictObject({ text: text(4000) }).meta({ id: 'NoteInput' });

/** Tags to add and to remove. */
export const TagsChangeBody = z
  .strictObject({
    add: z.array(text(50)).max(50).optional(),
    remove: z.array(text(50)).max(50).optional(),
  })
  .meta({
    id: 'TagsChange',
    description: 'At most 50 tags an order; adding one that is there changes nothing.',
  });

/** Who is to look at a case. */
export const AssignBody = z
  .strictObject({
    assignee: z
      .union([z.literal('me'), z.string().regex(/^[0-9a-f]{16}$/, 'must be the id of a key'), z.null()])
      .meta({ description: '`me`, the id of a key of a person’s role, or null for nobody.' }),
  })
  .meta({ id: 'AssignCase' });

/** Closing a case by hand, with what was done about it. */
export const ResolveBody = z.strictObject({ note: text(500) }).meta({ id: 'ResolveCase' });

/** A view to keep: the filters as they stand in the console's address. */
export const SavedViewInputBody = z
  .strictObject({ name: text(60), query: z.string().max(2000) })
  .meta({ id: 'SavedViewInput' });

/** A view that was kept. */
export const SavedViewBody = z
  .strictObject({ id: z.string(), name: z.string(), query: z.string(), createdAt: at })
  .meta({ id: 'SavedView' });

/** The caller's own views, by name. */
export const SavedViewsBody = z.strictObject({ data: z.array(SavedViewBody) }).meta({ id: 'SavedViews' });

/** The views everybody has, each with how many orders it shows, counted up to a bound. */
export const OrderViewsBody = z
  .strictObject({
    data: z.array(
      z.strictObject({
        view: z.enum(ORDER_VIEWS),
        title: z.string(),
        definition: z.string(),
        count: z.int(),
        isMore: z.boolean().meta({ description: 'True when there are more than were counted.' }),
      }),
    ),
  })
  .meta({ id: 'OrderViews' });

/** Demo orders to place. */
export const DemoOrdersInputBody = z
  .strictObject({ story: z.enum(DEMO_STORIES), count: z.int().min(1).max(20).optional() })
  .meta({ id: 'DemoOrdersInput' });

/** The orders that were placed. */
export const DemoOrdersBody = z.strictObject({ data: z.array(OrderSummaryBody) }).meta({ id: 'DemoOrders' });

/** Types for clients. */
export type SavedView = z.output<typeof SavedViewBody>;
export type OrderViews = z.output<typeof OrderViewsBody>;
export type DemoOrders = z.output<typeof DemoOrdersBody>;
