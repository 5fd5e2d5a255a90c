/**
 * Building blocks of the API's schemas. One schema serves the check at the door, the OpenAPI document and the types that
 * clients import; so limits stand here once. Objects are strict: what is not known is refused.
 */
import { z } from 'zod';
import 'zod-openapi';
import { AMOUNT_MAX_MINOR, isCurrency } from '../../domain/money.ts';
import { COUNTRIES, isCountry } from './countries.ts';

/** Some visible character, and no NUL (which PostgreSQL can't store). */
// oxlint-disable-next-line no-control-regex -- the control character is what is refused
const NOT_BLANK = /^[^\0]*[^\s\0][^\0]*$/;

/** Text of 1 to `max` characters that is not only blanks. */
export function text(max: number) {
  return z.string().min(1).max(max).regex(NOT_BLANK, 'must not be blank');
}

/** The id of a channel or location. */
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower case letters, digits and hyphens, at most 40')
  .meta({ example: 'web-eu' });

const YEAR_MIN = 1970;
const YEAR_MAX = 2200;

/** An instant: ISO 8601 with seconds and an offset, between 1970 and 2200. */
export const instant = z.iso
  .datetime({ offset: true })
  .refine((value) => {
    const year = new Date(value).getUTCFullYear();
    return year >= YEAR_MIN && year < YEAR_MAX;
  }, `must lie between ${YEAR_MIN} and ${YEAR_MAX}`)
  .meta({ example: '2026-03-14T09:26:53Z' });

const CURRENCIES = Intl.supportedValuesOf('currency').filter(isCurrency);

/** ISO 4217 code. */
export const currency = z
  .string()
  .length(3)
  .refine(isCurrency, 'must be an ISO 4217 code')
  .meta({
    id: 'Currency',
    description: 'ISO 4217 code.',
    example: 'USD',
    override: { enum: [...CURRENCIES] },
  });

/** ISO 3166-1 alpha-2 code. */
export const country = z
  .string()
  .length(2)
  .refine(isCountry, 'must be an ISO 3166-1 alpha-2 code, upper case')
  .meta({
    id: 'Country',
    description: 'ISO 3166-1 alpha-2 code.',
    example: 'US',
    override: { enum: [...COUNTRIES] },
  });

/** An amount of money that is not negative. */
export const money = z
  .strictObject({
    amount: z.int().min(0).max(AMOUNT_MAX_MINOR).meta({ description: 'Minor units: 12999 is 129.99 USD.' }),
    currency,
  })
  .meta({ id: 'Money', description: 'Integer minor units with their currency, never a float.' });

/** Stock keeping unit; compared without case and outer blanks. */
export const sku = text(64).meta({ example: 'MUG-BLUE' });

/** Typed industry fields: flat. */
export const attributes = z
  .record(
    z.string().regex(/^[a-z][A-Za-z0-9_]{0,39}$/),
    z.union([z.string().max(1000), z.number(), z.boolean()]),
  )
  .refine((map) => Object.keys(map).length <= 50, 'at most 50 fields')
  .meta({ id: 'Attributes', description: 'Industry fields: text, number or true/false, not nested.' });

/** Free text pairs for the sender's own use. */
export const metadata = z
  .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}$/), z.string().max(500))
  .refine((map) => Object.keys(map).length <= 50, 'at most 50 pairs')
  .meta({ id: 'Metadata', description: 'At most 50 text pairs; Holdfast never looks into them.' });

/** A query parameter that is a whole number; arrives as text. */
export function queryInteger(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`)
    .meta({ override: { type: 'integer', minimum: min, maximum: max } });
}

/** A query parameter that is true or false. */
export const queryBoolean = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .meta({ override: { type: 'boolean' } });

/** The query of every list. */
export const pageQuery = {
  limit: queryInteger(1, 100).optional().meta({ description: 'Rows a page; 50 when left out.' }),
  cursor: z.string().min(1).max(1000).optional().meta({ description: 'nextCursor of the page before.' }),
};

/** No query parameters at all. */
export const noQuery = z.strictObject({});
/** No path parameters. */
export const noParams = z.strictObject({});
/** No body: what is sent is not looked at. */
export const noBody = z.undefined();

/** A page of `row`. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.strictObject({
    data: z.array(row),
    nextCursor: z.string().nullable(),
    hasMore: z.boolean(),
  });
}

/** An instant in an answer: ISO 8601 in UTC. */
export const at = z.iso.datetime();
/** The same, or null. */
export const maybeAt = z.iso.datetime().nullable();
/** Rows of JSON whose keys depend on the kind. */
export const details = z.record(z.string(), z.unknown());
