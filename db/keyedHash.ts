/** Hashes that only who has the master key can make: for what must be found or checked again and not be tried out. */
import { createHmac, hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

/**
 * HMAC-SHA-256 of a text under a key that is derived from the master key (32 bytes) for one purpose (HKDF, RFC 5869): the same
 * text has another hash for every purpose.
 */
export function keyedHash(masterKey: Buffer, purpose: string, text: string): Buffer {
  const key = hkdfSync('sha256', masterKey, '', purpose, KEY_BYTES);
  return createHmac('sha256', Buffer.from(key)).update(text).digest();
}
