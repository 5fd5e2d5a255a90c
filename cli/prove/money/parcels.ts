/** Money taken parcel by parcel and given back unit by unit, in currencies with 0, 2 and 3 decimals. */
import type { Figures } from '../figures.ts';
import type { Stage } from '../stage.ts';
import { hasSettledRefunds, judgeBooks, openShop, readGateway, type MoneyShop } from './shop.ts';
import { LINES, SHIPPING_MINOR, stockCentral, threeParcels } from './threeParcels.ts';

const CURRENCIES = ['EUR', 'JPY', 'KWD'] as const;

/** Takes the money parcel by parcel, then gives it back unit by unit. */
export async function proveParcels(stage: Stage, figures: Figures): Promise<void> {
  const shop = openShop(stage);
  await stockCentral(shop);
  for (const currency of CURRENCIES) await proveIn(currency, { stage, shop, figures });
  await judgeBooks(shop, figures);
}

async function proveIn(
  currency: string,
  { stage, shop, figures }: { stage: Stage; shop: MoneyShop; figures: Figures },
): Promise<void> {
  const order = await shop.deliver(threeParcels(currency));
  const taken = (await readGateway(stage, [order])).get(order.id);
  figures.equal(`${currency}: parcels`, order.shipments.length, LINES.length);
  figures.equal(`${currency}: captures at the gateway`, taken?.captures ?? 0, LINES.length);
  figures.equal(`${currency}: sum of the captures`, taken?.capturedMinor ?? 0, order.total.amount);
  const units = LINES.flatMap((line, index) =>
    Array.from({ length: line.quantity }, () => ({ lines: [{ lineNo: index + 1, units: 1 }] })),
  );
  const asked = [...units, { shipping: { amount: SHIPPING_MINOR, currency } }];
  for (const part of asked) {
    const answer = await shop.refund(order.id, { reason: 'returned', ...part });
    if (answer !== true) throw new Error(`${currency}: a unit was refused as ${answer}`);
  }
  const settled = await shop.until(order.id, 'refunded', hasSettledRefunds);
  const back = (await readGateway(stage, [order])).get(order.id);
  figures.equal(
    `${currency}: sum of ${asked.length} refunds at the gateway`,
    back?.refundedMinor ?? 0,
    order.total.amount,
  );
  figures.equal(`${currency}: refunded in our books`, settled.money.refunded.amount, order.total.amount);
  figures.equal(`${currency}: state of the money`, settled.paymentStatus, 'refunded');
}
