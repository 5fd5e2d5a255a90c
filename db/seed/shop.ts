/** The shop that seeded orders are placed in: channels with time zones, warehouses, and a catalogue of 300 items. Made up. */
import type { Address } from '../../domain/newOrder.ts';
import type { Random } from '../../domain/random.ts';

/** A channel of the seeded shop. */
export interface SeedChannel {
  id: string;
  name: string;
  timeZone: string;
  currency: string;
  /** Minor units for one cent of the catalogue's prices. */
  perCent: number;
  tax: { name: string; rate: number; isIncluded: boolean };
  /** Its part of all orders, in percent. */
  weight: number;
  /** Countries of delivery with their weights. */
  countries: readonly (readonly [country: string, weight: number])[];
  /** Warehouses in the order in which they are asked. */
  locations: readonly [string, string];
  /** Orders older than half the period were taken over from another system when true. */
  hasHistory: boolean;
  carrier: { name: string; services: readonly [string, string]; prefix: string };
}

/** The channels, the largest first. */
export const SEED_CHANNELS: readonly SeedChannel[] = Object.freeze([
  {
    id: 'shop-us',
    name: 'Web shop US',
    timeZone: 'America/New_York',
    currency: 'USD',
    perCent: 1,
    tax: { name: 'Sales tax', rate: 0.08, isIncluded: false },
    weight: 38,
    countries: [
      ['US', 94],
      ['CA', 6],
    ],
    locations: ['dock-us', 'dock-eu'],
    hasHistory: false,
    carrier: { name: 'USPS', services: ['GroundAdvantage', 'Priority'], prefix: '9400' },
  },
  {
    id: 'shop-eu',
    name: 'Web shop EU',
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    perCent: 1,
    tax: { name: 'VAT', rate: 0.19, isIncluded: true },
    weight: 30,
    countries: [
      ['DE', 48],
      ['FR', 22],
      ['NL', 12],
      ['AT', 10],
      ['ES', 8],
    ],
    locations: ['dock-eu', 'dock-uk'],
    hasHistory: false,
    carrier: { name: 'DHLPaket', services: ['Paket', 'Express'], prefix: '0034' },
  },
  {
    id: 'shop-uk',
    name: 'Web shop UK',
    timeZone: 'Europe/London',
    currency: 'GBP',
    perCent: 1,
    tax: { name: 'VAT', rate: 0.2, isIncluded: true },
    weight: 16,
    countries: [
      ['GB', 93],
      ['IE', 7],
    ],
    locations: ['dock-uk', 'dock-eu'],
    hasHistory: true,
    carrier: { name: 'RoyalMail', services: ['Tracked48', 'Tracked24'], prefix: 'GB20' },
  },
  {
    id: 'market-jp',
    name: 'Marketplace Japan',
    timeZone: 'Asia/Tokyo',
    currency: 'JPY',
    perCent: 1.5,
    tax: { name: 'Consumption tax', rate: 0.1, isIncluded: true },
    weight: 9,
    countries: [['JP', 100]],
    locations: ['dock-us', 'dock-eu'],
    hasHistory: true,
    carrier: { name: 'YamatoTransport', services: ['TaQBin', 'CoolTaQBin'], prefix: '4810' },
  },
  {
    id: 'trade',
    name: 'Trade counter',
    timeZone: 'Europe/Paris',
    currency: 'EUR',
    perCent: 1,
    tax: { name: 'VAT', rate: 0.2, isIncluded: false },
    weight: 7,
    countries: [
      ['FR', 60],
      ['DE', 25],
      ['NL', 15],
    ],
    locations: ['dock-eu', 'dock-us'],
    hasHistory: true,
    carrier: { name: 'DPD', services: ['Classic', 'Express'], prefix: '0150' },
  },
]);

/** The warehouses. */
export const SEED_LOCATIONS: readonly { id: string; name: string; address: Address }[] = Object.freeze([
  {
    id: 'dock-us',
    name: 'Dock New Jersey',
    address: { line1: '400 Harbor Way', city: 'Newark', region: 'NJ', postalCode: '07105', country: 'US' },
  },
  {
    id: 'dock-eu',
    name: 'Dock Duisburg',
    address: { line1: 'Hafenring 12', city: 'Duisburg', postalCode: '47119', country: 'DE' },
  },
  {
    id: 'dock-uk',
    name: 'Dock Daventry',
    address: { line1: '7 Railway Approach', city: 'Daventry', postalCode: 'NN11 8YG', country: 'GB' },
  },
]);

/** An item; its price is in cents of the catalogue. */
export interface SeedItem {
  sku: string;
  name: string;
  variant: string;
  weightGrams: number;
  priceCents: number;
}

const THINGS = [
  ['MUG', 'mug', 320, 1290],
  ['PLATE', 'dinner plate', 480, 1650],
  ['BOWL', 'bowl', 360, 1490],
  ['LAMP', 'desk lamp', 1450, 5900],
  ['THROW', 'wool throw', 900, 7490],
  ['CUSHION', 'cushion', 420, 2950],
  ['CLOCK', 'wall clock', 780, 4290],
  ['VASE', 'vase', 1100, 3450],
  ['TRAY', 'serving tray', 650, 2790],
  ['KETTLE', 'kettle', 1300, 6990],
  ['APRON', 'apron', 260, 2450],
  ['BASKET', 'basket', 700, 3190],
  ['CANDLE', 'candle', 310, 1190],
  ['FRAME', 'picture frame', 540, 1990],
  ['STOOL', 'stool', 4200, 8900],
] as const;
const MAKES = [
  ['OAK', 'Oak', 1.25],
  ['LINEN', 'Linen', 1.1],
  ['STONE', 'Stone', 1.2],
  ['BRASS', 'Brass', 1.45],
  ['CORK', 'Cork', 0.85],
] as const;
const COLOURS = [
  ['SAND', 'sand'],
  ['MOSS', 'moss'],
  ['INK', 'ink'],
  ['CLAY', 'clay'],
] as const;

/** The catalogue: always the same 300 items, in an order that is also their popularity. */
export function seedCatalogue(random: Random): SeedItem[] {
  const items = THINGS.flatMap(([thing, name, weight, price]) =>
    MAKES.flatMap(([make, adjective, factor]) =>
      COLOURS.map(([colour, variant]): SeedItem => ({
        sku: `${thing}-${make}-${colour}`,
        name: `${adjective} ${name}`,
        variant,
        weightGrams: weight + random.whole(0, 9) * 10,
        priceCents: Math.round((price * factor) / 50) * 50 - 5,
      })),
    ),
  );
  return random.sample(items, items.length);
}
