/** Items, locations and stock. */
import { z } from 'zod';
import { canonicalSku } from '../../domain/order.ts';
import { at, attributes, country, pageQuery, sku, slug, text } from './fields.ts';

const canonical = sku.transform(canonicalSku).meta({ example: 'MUG-BLUE' });

/** An item to add. */
export const ItemInputBody = z
  .strictObject({
    sku: canonical,
    name: text(500),
    variant: text(200).optional(),
    gtin: z
      .string()
      .regex(/^\d{8,14}$/, 'must be 8 to 14 digits')
      .optional(),
    weightGrams: z.int().min(0).max(10_000_000).optional(),
    requiresShipping: z.boolean().optional(),
    attributes: attributes.optional(),
  })
  .meta({ id: 'ItemInput' });

/** Items to add or replace together. */
export const ItemsUpsertBody = z
  .strictObject({ items: z.array(ItemInputBody).min(1).max(500) })
  .superRefine(({ items }, context) => {
    const seen = new Set<string>();
    items.forEach((item, index) => {
      if (seen.has(item.sku))
        context.addIssue({ code: 'custom', path: ['items', index, 'sku'], message: 'is given twice' });
      seen.add(item.sku);
    });
  })
  .meta({ id: 'ItemsUpsert' });

/** What an upsert did; items that were the same already count in neither. */
export const ItemsUpserted = z
  .strictObject({ created: z.int(), updated: z.int() })
  .meta({ id: 'ItemsUpserted' });

/** An item as shown. */
export const ItemBody = z
  .strictObject({
    sku: z.string(),
    name: z.string(),
    variant: z.string().nullable(),
    gtin: z.string().nullable(),
    weightGrams: z.int(),
    requiresShipping: z.boolean(),
    attributes,
    createdAt: at,
    updatedAt: at,
  })
  .meta({ id: 'Item' });

/** The query of `GET /v1/items`. */
export const ItemListQuery = z.strictObject({
  ...pageQuery,
  q: text(64).optional().meta({ description: 'Beginning of the SKU.' }),
});

/** A location to add. */
export const LocationInputBody = z
  .strictObject({
    id: slug,
    name: text(200),
    priority: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .meta({ description: 'Lower is asked first; 100 when left out.' }),
    address: z.strictObject({
      name: text(200).optional(),
      company: text(200).optional(),
      phone: text(50).optional(),
      email: text(254).optional(),
      line1: text(200),
      line2: text(200).optional(),
      city: text(100),
      region: text(100).optional(),
      postalCode: text(20).optional(),
      country,
    }),
  })
  .meta({ id: 'LocationInput' });

/** A location as shown. */
export const LocationBody = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    priority: z.int(),
    address: z.record(z.string(), z.string()),
    active: z.boolean(),
    createdAt: at,
  })
  .meta({ id: 'Location' });

const UNITS_MAX = 1_000_000_000;

const Adjustment = z
  .strictObject({
    sku: canonical,
    location: slug,
    delta: z.int().min(-UNITS_MAX).max(UNITS_MAX).optional(),
    setTo: z.int().min(0).max(UNITS_MAX).optional(),
  })
  .refine((one) => (one.delta === undefined) !== (one.setTo === undefined), {
    error: 'give either delta or setTo',
  })
  .meta({
    id: 'Adjustment',
    description: 'Either a difference (delta) or the counted number (setTo).',
  });

/** Stock adjustments to make together. */
export const AdjustmentsBody = z
  .strictObject({
    reason: text(100).meta({ example: 'count' }),
    note: text(500).optional(),
    adjustments: z.array(Adjustment).min(1).max(500),
  })
  .superRefine(({ adjustments }, context) => {
    const seen = new Set<string>();
    adjustments.forEach((one, index) => {
      const key = `${one.sku} ${one.location}`;
      if (seen.has(key))
        context.addIssue({ code: 'custom', path: ['adjustments', index], message: 'is given twice' });
      seen.add(key);
    });
  })
  .meta({ id: 'Adjustments' });

/** Stock of one SKU at one location. */
export const StockBody = z
  .strictObject({
    sku: z.string(),
    location: z.string(),
    onHand: z.int(),
    allocated: z.int(),
    available: z.int(),
  })
  .meta({ id: 'Stock' });

/** The levels after an adjustment, in the order in which they were asked for. */
export const AdjustedBody = z.strictObject({ levels: z.array(StockBody) }).meta({ id: 'Adjusted' });

/** A row of the stock list. */
export const StockRowBody = z
  .strictObject({ ...StockBody.shape, name: z.string(), variant: z.string().nullable() })
  .meta({ id: 'StockRow' });

/** The query of `GET /v1/inventory`. */
export const StockListQuery = z.strictObject({
  ...pageQuery,
  sku: text(64).optional(),
  location: text(40).optional(),
  q: text(64).optional().meta({ description: 'Beginning of the SKU, or of a word of the name.' }),
});

/** One movement of stock: who moved how many units, and why. */
export const MovementBody = z
  .strictObject({
    id: z.int(),
    sku: z.string(),
    location: z.string(),
    kind: z.enum(['adjustment', 'allocation', 'release', 'sale']),
    onHandDelta: z.int(),
    allocatedDelta: z.int(),
    orderId: z.string().nullable(),
    orderNumber: z.int().nullable(),
    reason: z.string().nullable(),
    actor: z.string(),
    actorName: z.string().nullable(),
    createdAt: at,
  })
  .meta({ id: 'Movement' });

/** The query of `GET /v1/inventory/movements`. */
export const MovementListQuery = z.strictObject({
  ...pageQuery,
  sku: text(64).optional(),
  location: text(40).optional(),
  kind: z.enum(['adjustment', 'allocation', 'release', 'sale']).optional(),
});

/** Types for clients. */
export type Item = z.output<typeof ItemBody>;
export type Location = z.output<typeof LocationBody>;
export type Adjusted = z.output<typeof AdjustedBody>;
export type Stock = z.output<typeof StockRowBody>;
export type Movement = z.output<typeof MovementBody>;
