/**
 * Sealing of what must be readable again but not by whoever reads the tables: AES-256-GCM under the master key with a
 * fresh 96-bit nonce. `context` is bound to the text (additional authenticated data), so that a sealed value moved to
 * another row does not open. Layout: version 1 | nonce 12 | tag 16 | ciphertext.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The sealed value is damaged, was moved, or was sealed under another key. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** Seals bytes or text. `masterKey` is 32 bytes; `context` names the place, e.g. `channel:demo:webhook-secret`. */
export function seal(masterKey: Buffer, plain: Buffer | string, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
}

/** Opens what `seal` made with the same key and context. Throws SealBroken. */
export function unseal(masterKey: Buffer, sealed: Buffer, context: string): Buffer {
  const nonceEnd = 1 + NONCE_BYTES;
  const tagEnd = nonceEnd + TAG_BYTES;
  if (sealed[0] !== VERSION || sealed.length < tagEnd) throw new SealBroken('not a sealed value');
  const decipher = createDecipheriv('aes-256-gcm', masterKey, sealed.subarray(1, nonceEnd))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(nonceEnd, tagEnd));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]);
  } catch (cause) {
    throw new SealBroken('the value does not open with this key at this place', { cause });
  }
}
