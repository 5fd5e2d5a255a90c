/** Reading what commands are given: numbers, names and JSON. */
import { InvalidArgumentError } from 'commander';
import { UsageError, type Context } from '../context.ts';

/** How an order is named. */
export const NUMBER_OR_ID = 'number (100042) or id (ord_…)';

/** A whole number from 1 to 10,000, for --limit. */
export function limit(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000)
    throw new InvalidArgumentError('It has to be a whole number from 1 to 10000.');
  return value;
}

/** A whole number that may be negative. */
export function units(text: string): number {
  if (!/^[+-]?\d{1,10}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
}

/** The text of a file, or of standard input for `-`; throws UsageError when it cannot be read. */
export async function readText(context: Context, path: string): Promise<string> {
  try {
    return await context.io.readFile(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The JSON object in a text; throws UsageError saying where it came from. */
export function jsonObject(text: string, from: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${from} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${from} holds no JSON object`);
  return Object.fromEntries(Object.entries(value));
}
