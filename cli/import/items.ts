/** Reads the rows of a group as items: code, class, quantity and amounts in minor units. Pure. */
import { AMOUNT_MAX_MINOR, isCurrency } from '../../domain/money.ts';
import { canonicalSku } from '../../domain/order.ts';
import { dividedBy, oneMinus, parseDecimalText, times, toMinor, type Decimal } from './decimal.ts';
import type { Group } from './groups.ts';
import type { Mapping, RowClass } from './mapping.ts';
import type { LineBody } from './order.ts';
import type { Row } from './rows.ts';
import { fill, type Cells } from './template.ts';

/** One row, understood. `unitMinor × quantity ≥ grossMinor ≥ amountMinor` for goods. */
export interface Item {
  row: number;
  sku: string;
  class: RowClass;
  quantity: number;
  /** Unit price, rounded up to whole minor units. */
  unitMinor: number;
  /** What the row costs before its own discount, rounded half up. */
  grossMinor: number;
  /** What the row costs, rounded half up. */
  amountMinor: number;
  optional: Pick<LineBody, 'name' | 'variant' | 'weightGrams' | 'attributes'>;
}

const QUANTITY_MAX = 1_000_000;

/** All rows of the group, or the first problem that makes the whole group unusable. */
export function readItems(
  group: Group,
  context: { mapping: Mapping; currency: string },
): { items: Item[] } | { problem: string } {
  if (group.key === '') return { problem: 'the row belongs to no order' };
  if (!isCurrency(context.currency)) return { problem: `"${context.currency}" is no currency` };
  const items: Item[] = [];
  for (const row of group.rows) {
    const item = readItem(row, context);
    if ('problem' in item) return { problem: `row ${row.row}: ${item.problem}` };
    items.push(item);
  }
  return { items };
}

function readItem(
  row: Row,
  { mapping, currency }: { mapping: Mapping; currency: string },
): Item | { problem: string } {
  if (row.broken !== undefined) return { problem: row.broken };
  const sku = canonicalSku(fill(mapping.line.sku, row.cells));
  if (sku === '') return { problem: 'there is no code' };
  const quantityText = fill(mapping.line.quantity, row.cells);
  const quantity = wholeNumber(quantityText);
  if (quantity === undefined || quantity === 0) return { problem: `"${quantityText}" is no usable quantity` };
  const prices = readPrices(row.cells, { mapping, currency, quantity });
  if ('problem' in prices) return prices;
  const extra = readOptional(row.cells, mapping);
  if ('problem' in extra) return extra;
  return { row: row.row, sku, class: classOf(sku, mapping), quantity, ...prices, optional: extra };
}

function wholeNumber(text: string): number | undefined {
  const match = /^-?\d{1,9}(?:\.0+)?$/.exec(text);
  const value = match ? Number(text) : undefined;
  return value !== undefined && Math.abs(value) <= QUANTITY_MAX ? value : undefined;
}

/** The class of a code: goods unless the mapping lists it. */
export function classOf(sku: string, mapping: Pick<Mapping, 'classes'>): RowClass {
  const listed = mapping.classes.find((entry) => entry.skus.some((code) => canonicalSku(code) === sku));
  return listed?.class ?? 'merchandise';
}

type Prices = Pick<Item, 'unitMinor' | 'grossMinor' | 'amountMinor'>;

function readPrices(
  cells: Cells,
  context: { mapping: Mapping; currency: string; quantity: number },
): Prices | { problem: string } {
  const { mapping, currency, quantity } = context;
  const { unitPrice, total, discountRate } = mapping.line;
  const text = fill(unitPrice ?? total ?? '', cells);
  const value = parseDecimalText(text, mapping.decimalMark);
  if (!value) return { problem: `"${text}" is no amount` };
  const rate = discountRate === undefined ? undefined : readRate(fill(discountRate, cells), mapping);
  if (rate && 'problem' in rate) return rate;
  const gross = unitPrice === undefined ? beforeDiscount(value, rate) : times(value, quantity);
  const unit = unitPrice === undefined ? dividedBy(gross, { units: BigInt(quantity), scale: 0 }) : value;
  const grossMinor = toMinor(gross, currency);
  const amountMinor = unitPrice === undefined ? toMinor(value, currency) : grossMinor;
  const unitMinor = coveringUnit(toMinor(unit, currency, 'up'), grossMinor, quantity);
  if (grossMinor === undefined || amountMinor === undefined || unitMinor === undefined)
    return { problem: `"${text}" is too large` };
  if (Math.abs(unitMinor * quantity) > AMOUNT_MAX_MINOR) return { problem: `"${text}" is too large` };
  return { unitMinor, grossMinor, amountMinor };
}

/** The derived unit price may have been cut below what the row needs; one unit more always covers it. */
function coveringUnit(
  unitMinor: number | undefined,
  grossMinor: number | undefined,
  quantity: number,
): number | undefined {
  if (unitMinor === undefined || grossMinor === undefined || quantity < 0) return unitMinor;
  return unitMinor * quantity < grossMinor ? unitMinor + 1 : unitMinor;
}

function readRate(text: string, mapping: Mapping): Decimal | { problem: string } {
  const rate = parseDecimalText(text === '' ? '0' : text, mapping.decimalMark);
  const inRange = rate && rate.units >= 0n && oneMinus(rate).units > 0n;
  return inRange ? rate : { problem: `"${text}" is no discount rate from 0 to below 1` };
}

function beforeDiscount(total: Decimal, rate: Decimal | undefined): Decimal {
  return rate === undefined || rate.units === 0n ? total : dividedBy(total, oneMinus(rate));
}

function readOptional(cells: Cells, mapping: Mapping): Item['optional'] | { problem: string } {
  const { name, variant, weightGrams, attributes } = mapping.line;
  const weight = weightGrams === undefined ? '' : fill(weightGrams, cells);
  if (weight !== '' && !/^\d{1,9}$/.test(weight)) return { problem: `"${weight}" is no weight in grams` };
  const filledName = name === undefined ? '' : fill(name, cells);
  const filledVariant = variant === undefined ? '' : fill(variant, cells);
  return {
    ...(filledName !== '' && { name: filledName }),
    ...(filledVariant !== '' && { variant: filledVariant }),
    ...(weight !== '' && { weightGrams: Number(weight) }),
    ...(attributes && { attributes: fillAll(attributes, cells) }),
  };
}

/** Every template of a map filled; empty ones are left out. */
export function fillAll(templates: Readonly<Record<string, string>>, cells: Cells): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates)
      .map(([name, template]) => [name, fill(template, cells)] as const)
      .filter(([, value]) => value !== ''),
  );
}
