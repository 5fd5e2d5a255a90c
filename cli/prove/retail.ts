/**
 * Makes a file of invoices of the form that `--preset online-retail` reads, from a seed, with every kind of odd row
 * that real files of this form hold. It also says what has to become of each invoice, so that an import can be judged.
 */
import { stringify } from 'csv-stringify/sync';
import { seeded, type Random } from './random.ts';

/** One row of the file, in its columns' order. */
export interface RetailRow {
  invoice: string;
  stock_code: string;
  description: string;
  quantity: number;
  invoice_date: string;
  unit_price: string;
  customer_id: string;
  country: string;
}

/** What has to become of the file's invoices. */
export interface RetailFile {
  rows: RetailRow[];
  csv: string;
  invoices: number;
  orders: number;
  refused: Record<string, number>;
}

/** How much to generate, and from which seed. */
export interface RetailOptions {
  seed: number;
  invoices: number;
  /** Lines of the one very long invoice; 0 leaves it out. */
  longLines?: number;
}

/** Share of each kind among the invoices, in parts of 1,000; the rest are plain invoices. */
const KINDS = [
  ['cancellation', 130],
  ['writeOff', 50],
  ['onlyPostage', 10],
  ['onlyFee', 5],
  ['withPostage', 60],
  ['withManual', 15],
  ['withManualCredit', 8],
  ['withDiscount', 10],
  ['withFee', 5],
  ['withFreeLine', 15],
  ['repeatedSku', 60],
  ['otherCase', 20],
  ['subPenny', 8],
  ['underMinimum', 4],
] as const;
type Kind = (typeof KINDS)[number][0] | 'plain';

const REFUSED: Partial<Record<Kind, string>> = {
  cancellation: 'cancellation_of_earlier_order',
  writeOff: 'stock_write_off',
  onlyPostage: 'no_merchandise',
  onlyFee: 'no_merchandise',
};
const WORDS = ['GLASS', 'TEA', 'LIGHT', 'BIRD', 'HEART', 'RETRO', 'TIN', 'CANDLE', 'CAKE', 'MUG'] as const;
const SHIPPING = ['POST', 'DOT', 'C2', 'CARRIAGE'] as const;
const COUNTRIES = [
  'United Kingdom',
  'United Kingdom',
  'United Kingdom',
  'EIRE',
  'France',
  'Germany',
] as const;

/** Makes the file. Every kind is there at least once when there are 100 invoices or more. */
export function generateRetail(options: RetailOptions): RetailFile {
  const random = seeded(options.seed);
  const catalogue = makeCatalogue(random);
  const rows: RetailRow[] = [];
  const refused: Record<string, number> = {};
  let orders = 0;
  for (let index = 0; index < options.invoices; index += 1) {
    const kind = kindOf(index, random);
    const reason = REFUSED[kind];
    if (reason === undefined) orders += 1;
    else refused[reason] = (refused[reason] ?? 0) + 1;
    const lines = index === 40 ? (options.longLines ?? 520) : random.between(1, random.chance(0.2) ? 30 : 6);
    rows.push(...makeInvoice({ index, kind, lines: Math.max(1, lines), random, catalogue }));
  }
  scatter(rows, random);
  const csv = stringify(rows, { header: true, quoted_string: false });
  return { rows, csv, invoices: options.invoices, orders, refused };
}

function kindOf(index: number, random: Random): Kind {
  const forced = KINDS[index - 1];
  if (forced) return forced[0];
  if (index === 40) return 'plain';
  let draw = random.between(0, 999);
  for (const [kind, share] of KINDS) {
    if (draw < share) return kind;
    draw -= share;
  }
  return 'plain';
}

interface Good {
  code: string;
  description: string;
  price: string;
}

function makeCatalogue(random: Random): Good[] {
  return Array.from({ length: 400 }, (_, index) => {
    const suffix = random.chance(0.2) ? random.pick(['A', 'B', 'G']) : '';
    const words = `${random.pick(WORDS)} ${random.pick(WORDS)}`;
    const description = random.pick([
      words,
      `${words}, SET OF 3`,
      `${words} 7"" `.replace('""', '"'),
      ` ${words}`,
      '',
    ]);
    return {
      code: `${20_000 + index * 7}${suffix}`,
      description,
      price: random.pick(['0.42', '0.85', '1.25', '2.1', '2.95', '6.75', '12', '16.48']),
    };
  });
}

interface InvoicePlan {
  index: number;
  kind: Kind;
  lines: number;
  random: Random;
  catalogue: readonly Good[];
}

function makeInvoice(plan: InvoicePlan): RetailRow[] {
  const { index, kind, random } = plan;
  const minute = String(index % 60).padStart(2, '0');
  const hour = String(8 + (Math.floor(index / 60) % 9)).padStart(2, '0');
  const head = {
    invoice: `${kind === 'cancellation' ? 'C' : ''}${589_000 + index}`,
    invoice_date: `2011-03-${String(1 + (index % 27)).padStart(2, '0')} ${hour}:${minute}:00`,
    customer_id: random.chance(0.1) ? '' : String(12_000 + random.between(0, 900)),
    country: random.pick(COUNTRIES),
  };
  const row: MakeRow = ([code, quantity, price, description = '']) => ({
    invoice: head.invoice,
    stock_code: code,
    description,
    quantity,
    invoice_date: head.invoice_date,
    unit_price: price,
    customer_id: head.customer_id,
    country: head.country,
  });
  return rowsOfKind(plan, row);
}

type MakeRow = (
  cells: readonly [code: string, quantity: number, price: string, description?: string],
) => RetailRow;

function rowsOfKind(plan: InvoicePlan, row: MakeRow): RetailRow[] {
  const { kind, random } = plan;
  const good = () => plan.catalogue[random.between(0, plan.catalogue.length - 1)] ?? fallbackGood;
  const paid = () => {
    const chosen = good();
    return row([chosen.code, random.between(1, 48), chosen.price, chosen.description]);
  };
  const goods = Array.from({ length: plan.lines }, paid);
  const first = goods[0] ?? paid();
  const postage = () => row([random.pick(SHIPPING), 1, random.pick(['3.95', '18', '50']), 'POSTAGE']);
  switch (kind) {
    case 'cancellation':
      return goods.map((line) => ({ ...line, quantity: -line.quantity }));
    case 'writeOff':
      return [
        row([good().code, random.pick([-96, -240, 17, 230]), '0', random.pick(['lost?', 'damages', ''])]),
      ];
    case 'onlyPostage':
      return [postage()];
    case 'onlyFee':
      return [row([random.pick(['BANK CHARGES', 'AMAZONFEE']), 1, '15', 'fee'])];
    case 'withPostage':
      return [...goods, postage()];
    case 'withManual':
      return [...goods, row(['M', 1, '0.85', 'Manual']), row(['M', 2, '4', 'Manual'])];
    case 'withManualCredit':
      return [{ ...first, quantity: 40 }, ...goods.slice(1), row(['M', -1, '2.5', 'Manual'])];
    case 'withDiscount':
      return [{ ...first, quantity: 40 }, ...goods.slice(1), row(['D', -1, '3.37', 'Discount'])];
    case 'withFee':
      return [...goods, row(['BANK CHARGES', 1, '1.5', 'Bank charges'])];
    case 'withFreeLine':
      return [...goods, row([good().code, 3, '0', 'gift'])];
    case 'repeatedSku':
      return [...goods, { ...first, quantity: 2 }];
    case 'otherCase':
      return [
        ...goods,
        row(['85123a', 6, '2.95', 'HANGING HEART']),
        row(['85123A', 2, '2.95', 'HANGING HEART']),
      ];
    case 'subPenny':
      return [...goods, row(['84206B', 500, '0.001', 'PADS']), row(['84206B', 3, '0.125', 'PADS'])];
    case 'underMinimum':
      return [row([good().code, 1, '0.21', 'LAST PIECE'])];
    case 'plain':
      return goods;
  }
}

const fallbackGood: Good = { code: '20000', description: 'MUG', price: '1.25' };

/** Moves the last row of a few invoices behind the next one's first: an invoice's rows need not stand together. */
function scatter(rows: RetailRow[], random: Random): void {
  for (let index = 1; index + 1 < rows.length; index += 1) {
    const [before, here, after] = [rows[index - 1], rows[index], rows[index + 1]];
    const ends = before && here && after && before.invoice === here.invoice && here.invoice !== after.invoice;
    if (!ends || !random.chance(0.05)) continue;
    rows[index] = after;
    rows[index + 1] = here;
    index += 1;
  }
}
