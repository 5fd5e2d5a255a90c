/**
 * What the first start of the local stack puts into an empty database: a catalogue, three warehouses with stock and a
 * channel. Pure data. Some goods lie in one warehouse only, so that orders split; one item is nearly sold out, so that
 * orders wait for stock.
 */

/** An item of the demo catalogue; `priceCents` is what one unit costs in EUR or USD cents. */
export interface DemoItem {
  sku: string;
  name: string;
  variant?: string;
  weightGrams: number;
  priceCents: number;
  attributes: Readonly<Record<string, string | number | boolean>>;
  /** Units in each warehouse at the first start. */
  stock: Readonly<Partial<Record<DemoLocationId, number>>>;
}

/** The demo warehouses. */
export type DemoLocationId = 'wh-east' | 'wh-central' | 'wh-west';

/** The demo channel's id. */
export const DEMO_CHANNEL = 'demo';

/** The demo channel waits half a minute before the warehouse gets an order: the time to try a cancel. */
export const DEMO_POLICY = Object.freeze({ releaseDelaySeconds: 30 });

const PLENTY = 100_000;
const EVERYWHERE = { 'wh-east': PLENTY, 'wh-central': PLENTY, 'wh-west': PLENTY } as const;
const EAST = { 'wh-east': PLENTY } as const;
const WEST = { 'wh-west': PLENTY } as const;
const CENTRAL_EAST = { 'wh-central': PLENTY, 'wh-east': PLENTY } as const;

/** The three warehouses; a lower priority is asked first. */
export const DEMO_LOCATIONS = Object.freeze([
  {
    id: 'wh-east',
    name: 'East warehouse',
    priority: 10,
    address: inUs('1200 Harbor Blvd', 'Newark', ['NJ', '07114']),
  },
  {
    id: 'wh-central',
    name: 'Central warehouse',
    priority: 20,
    address: inUs('450 Prairie Ave', 'Columbus', ['OH', '43215']),
  },
  {
    id: 'wh-west',
    name: 'West warehouse',
    priority: 30,
    address: inUs('88 Bayshore Rd', 'Oakland', ['CA', '94607']),
  },
]);

function inUs(line1: string, city: string, [region, postalCode]: readonly [string, string]) {
  return { line1, city, region, postalCode, country: 'US' };
}

/** The SKU of which only a few units exist. */
export const DEMO_SCARCE_SKU = 'LAMP-LIMITED';

/** The demo catalogue: 30 items of a household shop. */
export const DEMO_ITEMS: readonly DemoItem[] = Object.freeze([
  item(
    'MUG-WHITE',
    'Stoneware mug',
    340,
    1290,
    { material: 'stoneware', dishwasher: true },
    EVERYWHERE,
    'white',
  ),
  item(
    'MUG-BLUE',
    'Stoneware mug',
    340,
    1290,
    { material: 'stoneware', dishwasher: true },
    EVERYWHERE,
    'blue',
  ),
  item('MUG-TRAVEL', 'Travel mug', 280, 2450, { material: 'steel', volumeMl: 450 }, EVERYWHERE),
  item('TEAPOT-1L', 'Teapot', 980, 3990, { material: 'porcelain', volumeMl: 1000 }, CENTRAL_EAST),
  item('KETTLE-17', 'Electric kettle', 1350, 4995, { volumeMl: 1700, watts: 2200 }, EVERYWHERE),
  item('PRESS-08', 'Coffee press', 720, 3495, { material: 'glass', volumeMl: 800 }, EVERYWHERE),
  item(
    'BEANS-ESPRESSO',
    'Espresso beans',
    1000,
    1895,
    { origin: 'Brazil', shelfLifeDays: 365 },
    EVERYWHERE,
    '1 kg',
  ),
  item(
    'BEANS-FILTER',
    'Filter beans',
    500,
    1250,
    { origin: 'Ethiopia', shelfLifeDays: 365 },
    EVERYWHERE,
    '500 g',
  ),
  item('TEA-GREEN', 'Green tea', 100, 890, { origin: 'Japan', shelfLifeDays: 540 }, EVERYWHERE, '100 g'),
  item('TEA-BLACK', 'Black tea', 250, 1150, { origin: 'India', shelfLifeDays: 720 }, EVERYWHERE, '250 g'),
  item('PLATE-26', 'Dinner plate', 620, 1490, { material: 'porcelain', diameterMm: 260 }, EVERYWHERE),
  item('PLATE-20', 'Side plate', 380, 990, { material: 'porcelain', diameterMm: 200 }, EVERYWHERE),
  item('BOWL-15', 'Cereal bowl', 360, 1090, { material: 'porcelain', diameterMm: 150 }, CENTRAL_EAST),
  item(
    'KNIFE-CHEF',
    'Chef’s knife',
    310,
    7900,
    { material: 'steel', bladeMm: 200, ageCheck: true },
    EVERYWHERE,
  ),
  item('BOARD-OAK', 'Cutting board', 1450, 4250, { material: 'oak' }, EVERYWHERE),
  item('PAN-28', 'Frying pan', 1620, 5995, { material: 'iron', diameterMm: 280 }, EVERYWHERE),
  item('POT-24', 'Stock pot', 2350, 7495, { material: 'steel', diameterMm: 240 }, EVERYWHERE),
  item('TOWEL-S', 'Hand towel', 180, 1295, { material: 'cotton' }, EVERYWHERE, '50 × 100 cm'),
  item('TOWEL-L', 'Bath towel', 520, 2495, { material: 'cotton' }, EVERYWHERE, '70 × 140 cm'),
  item('BLANKET-WOOL', 'Wool blanket', 1300, 8995, { material: 'wool' }, EVERYWHERE),
  item('CUSHION-45', 'Cushion', 430, 2295, { material: 'linen' }, EVERYWHERE, '45 × 45 cm'),
  item('CANDLE-3', 'Candles, set of 3', 640, 1690, { burnHours: 40 }, EVERYWHERE),
  item('FRAME-A4', 'Picture frame A4', 540, 1590, { material: 'ash' }, EVERYWHERE),
  item('CLOCK-WALL', 'Wall clock', 890, 3895, { diameterMm: 300, battery: 'AA' }, EVERYWHERE),
  item('BASKET-M', 'Storage basket', 760, 2195, { material: 'willow' }, EVERYWHERE),
  item('CHAIR-OAK', 'Dining chair', 6200, 14_900, { material: 'oak', bulky: true }, EAST),
  item('TABLE-SIDE', 'Side table', 8400, 18_900, { material: 'oak', bulky: true }, EAST),
  item('RUG-JUTE', 'Jute rug', 5100, 11_900, { material: 'jute', bulky: true }, WEST, '120 × 180 cm'),
  item('PLANTER-L', 'Planter', 4300, 5990, { material: 'terracotta', fragile: true }, WEST),
  item(
    DEMO_SCARCE_SKU,
    'Lamp, limited edition',
    2100,
    24_900,
    { watts: 12, edition: 25 },
    { 'wh-central': 4 },
  ),
]);

// Eight columns of a table, one item a row: an object a row would take eight lines each and hide the table.
function item(...[sku, name, weightGrams, priceCents, attributes, stock, variant]: ItemRow): DemoItem {
  return {
    sku,
    name,
    weightGrams,
    priceCents,
    attributes,
    stock,
    ...(variant === undefined ? {} : { variant }),
  };
}

type ItemRow = readonly [
  sku: string,
  name: string,
  weightGrams: number,
  priceCents: number,
  attributes: DemoItem['attributes'],
  stock: DemoItem['stock'],
  variant?: string,
];
