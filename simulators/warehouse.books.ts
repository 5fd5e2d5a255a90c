/** What the warehouse simulator knows, folded from its ledger: the fulfillments and what they add up to. */
import { z } from 'zod';
import { WAREHOUSE_REPORTS } from '../domain/fulfillment.ts';

const TEXT = z.string().max(500);

/** The body of PUT /fulfillments/{id}, as warehouse.openapi.yaml says. */
export const SUBMIT_BODY = z.strictObject({
  orderNumber: z.number().int().min(1),
  location: TEXT.min(1),
  lines: z
    .array(
      z.strictObject({
        lineNo: z.number().int().min(1),
        sku: TEXT.min(1),
        name: TEXT,
        quantity: z.number().int().min(1),
      }),
    )
    .min(1)
    .max(10_000),
  shipTo: z.strictObject({
    name: TEXT.optional(),
    company: TEXT.optional(),
    phone: TEXT.optional(),
    email: TEXT.optional(),
    line1: TEXT.min(1),
    line2: TEXT.optional(),
    city: TEXT.min(1),
    region: TEXT.optional(),
    postalCode: TEXT.optional(),
    country: z.string().length(2),
  }),
  customerNote: z.string().max(5000).nullable(),
});

/** A fulfillment as the simulator keeps it; the content itself is only needed as a fingerprint. */
export const FULFILLMENT = z.object({
  id: z.string(),
  orderNumber: z.number().int(),
  location: z.string(),
  units: z.number().int(),
  fingerprint: z.string(),
  /** Holdfast's key of the submit, to find the order by. */
  key: z.string().nullable().default(null),
  state: z.enum(['submitted', ...WAREHOUSE_REPORTS, 'handed_over', 'cancelled']),
  trackingCode: z.string().nullable(),
});
export type Fulfillment = z.infer<typeof FULFILLMENT>;

const HEAD = { seq: z.number().int(), at: z.string() };

/** One line of the warehouse simulator's ledger. */
export const WAREHOUSE_ENTRY = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('submitted'), ...HEAD, fulfillment: FULFILLMENT }),
  z.object({
    kind: z.literal('reported'),
    ...HEAD,
    fulfillment: FULFILLMENT,
    report: z.enum(WAREHOUSE_REPORTS),
    note: z.string().optional(),
  }),
  z.object({ kind: z.literal('handed_over'), ...HEAD, fulfillment: FULFILLMENT }),
  /** A tombstone when the id was not known. */
  z.object({ kind: z.literal('cancelled'), ...HEAD, id: z.string(), fulfillment: FULFILLMENT.nullable() }),
  z.object({ kind: z.literal('callback_delivered'), ...HEAD, callback: z.string() }),
]);
export type WarehouseEntry = z.infer<typeof WAREHOUSE_ENTRY>;

/** The warehouse's state; only `apply` changes it. */
export interface WarehouseBooks {
  apply(entry: WarehouseEntry): void;
  fulfillment(id: string): Fulfillment | undefined;
  /** True for a cancelled id, known or not. */
  isTombstone(id: string): boolean;
  /** Those the warehouse is still working on. */
  inWork(): Fulfillment[];
  /** Packed parcels that were not handed over yet. */
  packed(): ReadonlyMap<string, Fulfillment>;
  summary(): Record<string, number>;
}

/** Empty books. */
export function createWarehouseBooks(): WarehouseBooks {
  const all = new Map<string, Fulfillment>();
  const packed = new Map<string, Fulfillment>();
  const inWork = new Map<string, Fulfillment>();
  const tombstones = new Set<string>();
  const counts: Record<string, number> = {};

  function count(name: string): void {
    counts[name] = (counts[name] ?? 0) + 1;
  }

  function keep(fulfillment: Fulfillment): void {
    const { id, state } = fulfillment;
    all.set(id, fulfillment);
    packed.delete(id);
    inWork.delete(id);
    if (state === 'packed') packed.set(id, fulfillment);
    if (state === 'submitted' || state === 'accepted' || state === 'picking') inWork.set(id, fulfillment);
  }

  return {
    apply(entry) {
      if (entry.kind === 'callback_delivered') return;
      count(entry.kind === 'reported' ? entry.report : entry.kind);
      if (entry.kind === 'cancelled') tombstones.add(entry.id);
      if (entry.fulfillment !== null) keep(entry.fulfillment);
    },
    fulfillment: (id) => all.get(id),
    isTombstone: (id) => tombstones.has(id),
    inWork: () => [...inWork.values()],
    packed: () => packed,
    summary: () => counts,
  };
}
