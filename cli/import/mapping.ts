/**
 * A mapping says how a file's columns become an order: which rows belong together, which template fills which field,
 * and what rows of which codes mean. It is data (JSON or YAML); docs/import.md explains it by example.
 */
import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../context.ts';
import { PRESETS } from './presets.ts';

/** What a row is, decided by its code: goods unless a class lists the code. */
export const ROW_CLASSES = ['merchandise', 'shipping', 'discount', 'manual', 'not_merchandise'] as const;
export type RowClass = (typeof ROW_CLASSES)[number];

const template = z.string().max(500);
const party = z.strictObject({
  name: template,
  company: template.optional(),
  email: template.optional(),
  phone: template.optional(),
});
const address = z.strictObject({
  line1: template,
  line2: template.optional(),
  city: template,
  region: template.optional(),
  postalCode: template.optional(),
  /** Pads postal codes that lost their leading zeros to this many digits. */
  postalCodeDigits: z.number().int().min(1).max(12).optional(),
  country: template,
});
const moment = z.strictObject({
  value: template,
  /** yyyy MM dd HH mm ss, or "iso". */
  format: z.string().default('iso'),
  timeZone: z.string().refine(isTimeZone, 'is not an IANA time zone').default('UTC'),
});

const SCHEMA = z.strictObject({
  /** Rows with the same value here are one order, wherever they stand in the file. */
  groupBy: template,
  delimiter: z.string().length(1).default(','),
  decimalMark: z.enum(['.', ',']).default('.'),
  externalId: template,
  currency: template,
  placedAt: moment.optional(),
  promisedBy: moment.optional(),
  /** Only with --as-history: when a finished order left the warehouse and when it ended. */
  shippedAt: moment.optional(),
  completedAt: moment.optional(),
  pricesIncludeTax: z.boolean().default(false),
  recipient: party,
  sender: party.optional(),
  shippingAddress: address,
  /** The file's own spellings of countries; English names and alpha-2 codes are known. */
  countries: z.record(z.string(), z.string().regex(/^[A-Z]{2}$/)).default({}),
  payment: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('card'), token: template, number: template.optional() }),
    z.strictObject({ method: z.literal('prepaid'), number: template }),
    z.strictObject({ method: z.literal('gift_card'), code: template }),
    z.strictObject({ method: z.literal('store_credit'), account: template }),
    z.strictObject({ method: z.literal('bank_transfer'), number: template.optional() }),
    z.strictObject({
      method: z.literal('invoice'),
      number: template.optional(),
      /** Whole days after the goods left; where it is empty the channel's own apply. */
      termsDays: template.optional(),
    }),
    z.strictObject({ method: z.literal('cash_on_delivery') }),
  ]),
  line: z.strictObject({
    sku: template,
    name: template.optional(),
    variant: template.optional(),
    quantity: template,
    /** Price of one unit; more digits than the currency has are rounded once per row, half up. */
    unitPrice: template.optional(),
    /** Instead of unitPrice: what the whole row costs after its discount. */
    total: template.optional(),
    /** With total: the discount already taken off, as a fraction (0.2). */
    discountRate: template.optional(),
    weightGrams: template.optional(),
    attributes: z.record(z.string(), template).optional(),
  }),
  shippingService: template.optional(),
  customerNote: template.optional(),
  tags: z.array(template).default([]),
  metadata: z.record(z.string(), template).default({}),
  attributes: z.record(z.string(), template).default({}),
  /** Codes that are no goods; codes compare without case. */
  classes: z.array(z.strictObject({ class: z.enum(ROW_CLASSES), skus: z.array(z.string()) })).default([]),
  /** Groups that are refused by what stands in a column of any of their rows. */
  refuse: z
    .array(
      z.strictObject({
        reason: z.string().regex(/^[a-z][a-z0-9_]{2,59}$/),
        value: template,
        startsWith: z.string().optional(),
        equals: z.string().optional(),
      }),
    )
    .default([]),
});

/** A checked mapping with its defaults filled in. */
export type Mapping = z.infer<typeof SCHEMA>;
/** How a column tells an instant: template, format and time zone. */
export type Moment = NonNullable<Mapping['placedAt']>;

/** The mapping can't be used; the message names every wrong place. */
export class MappingError extends UsageError {}

/** Checks a mapping given as data. Throws MappingError. */
export function checkMapping(data: unknown): Mapping {
  const result = SCHEMA.safeParse(data);
  const problems = result.success
    ? inconsistencies(result.data)
    : result.error.issues.map((issue) => `${issue.path.join('.') || 'mapping'}: ${issue.message}`);
  if (!result.success || problems.length > 0)
    throw new MappingError(`the mapping is not usable:\n  ${problems.join('\n  ')}`);
  return result.data;
}

function inconsistencies(mapping: Mapping): string[] {
  const { unitPrice, total, discountRate } = mapping.line;
  const problems = [];
  if ((unitPrice === undefined) === (total === undefined))
    problems.push('line: give either unitPrice or total');
  if (discountRate !== undefined && total === undefined)
    problems.push('line.discountRate: only together with line.total');
  for (const [index, rule] of mapping.refuse.entries()) {
    if ((rule.startsWith === undefined) === (rule.equals === undefined))
      problems.push(`refuse.${index}: give either startsWith or equals`);
  }
  return problems;
}

/** Reads a mapping file; JSON is YAML too. Throws MappingError. */
export async function readMapping(file: string): Promise<Mapping> {
  let data: unknown;
  try {
    data = parseYaml(await readFile(file, 'utf8'));
  } catch (error) {
    throw new MappingError(`the mapping ${file} could not be read: ${String(error)}`);
  }
  return checkMapping(data);
}

/** One of the built-in mappings. Throws MappingError for a name that isn't one. */
export function presetMapping(name: string): Mapping {
  const preset = Object.entries(PRESETS).find(([known]) => known === name)?.[1];
  if (!preset)
    throw new MappingError(`there is no preset ${name}; known are ${Object.keys(PRESETS).join(', ')}`);
  return checkMapping(preset);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
