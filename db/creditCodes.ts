/**
 * Gift card codes in the database: only a keyed hash of them is kept. The key is derived from the master key, so whoever reads
 * the tables alone can neither read a code nor try codes out.
 */
import { randomInt } from 'node:crypto';
import { makeCreditCode } from '../domain/credit.ts';
import { keyedHash } from './keyedHash.ts';

/** A new code from the system's randomness, written in groups. */
export function newCreditCode(): string {
  return makeCreditCode((n) => randomInt(n));
}

/** The stored form of a code in its one spelling (domain/credit.ts normalCreditCode). `masterKey` is 32 bytes. */
export function hashOfCreditCode(masterKey: Buffer, normalCode: string): Buffer {
  return keyedHash(masterKey, 'holdfast credit code', normalCode);
}
