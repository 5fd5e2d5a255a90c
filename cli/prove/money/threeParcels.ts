/** An order with discount and tax that leaves in three parcels from three warehouses, so that its money is taken in three parts. */
import type { MoneyShop } from './shop.ts';

const CENTRAL_SKU = 'PROOF-CENTRAL';
/** Its lines, chosen so that neither discount nor tax divides by the units; each item lies in one warehouse only. */
export const LINES = [
  { sku: 'CHAIR-OAK', quantity: 3, unitMinor: 14_990, discountMinor: 1_001, taxMinor: 4_397 },
  { sku: 'PLANTER-L', quantity: 2, unitMinor: 5_995, discountMinor: 333, taxMinor: 1_166 },
  { sku: CENTRAL_SKU, quantity: 7, unitMinor: 1_237, discountMinor: 0, taxMinor: 866 },
] as const;
/** The shipping; it makes the total one that cards settle in dinars too. */
export const SHIPPING_MINOR = 996;

/** Puts the item of the middle warehouse there; once a stage. */
export async function stockCentral({ ops }: MoneyShop): Promise<void> {
  await ops.call('/v1/items', { body: { sku: CENTRAL_SKU, name: 'Vase of the proof', weightGrams: 300 } });
  await ops.call('/v1/inventory/adjustments', {
    body: {
      reason: 'receipt',
      adjustments: [{ sku: CENTRAL_SKU, location: 'wh-central', setTo: 1_000 }],
    },
  });
}

/** The fields of the order that differ from the plain one. */
export function threeParcels(currency: string): Record<string, unknown> {
  const money = (amount: number) => ({ amount, currency });
  const lines = LINES.map((line) => ({
    sku: line.sku,
    quantity: line.quantity,
    unitPrice: money(line.unitMinor),
    ...(line.discountMinor > 0 && { discounts: [{ amount: money(line.discountMinor), source: 'proof' }] }),
    taxLines: [{ name: 'Tax', rate: 0.1, amount: money(line.taxMinor) }],
    total: money(line.unitMinor * line.quantity - line.discountMinor + line.taxMinor),
  }));
  const total = lines.reduce((sum, line) => sum + line.total.amount, SHIPPING_MINOR);
  return {
    currency,
    lines,
    shipping: { price: money(SHIPPING_MINOR) },
    totals: { total: money(total) },
  };
}
