/** Signs the tokens of payment links and checks them in constant time; the key is derived from the master key. */
import { timingSafeEqual } from 'node:crypto';
import { keyedHash } from '../../db/keyedHash.ts';
import { isLinkOver, linkParts, linkToken, signedPart, type PaymentLink } from '../../domain/paymentLink.ts';

function signatureOf(masterKey: Buffer, signed: string): string {
  return keyedHash(masterKey, 'holdfast payment link', signed).toString('base64url');
}

/** The token of a link. `masterKey` is 32 bytes. The same link has the same token. */
export function signLink(masterKey: Buffer, link: PaymentLink): string {
  return linkToken(link, signatureOf(masterKey, signedPart(link)));
}

/** What a token turned out to be. */
export type ReadLink = { kind: 'good' | 'over'; link: PaymentLink } | { kind: 'unknown' };

/** Reads a token: `unknown` when it was not made by us as it is, `over` when it was and has ended. */
export function readLink(masterKey: Buffer, token: string, nowMs: number): ReadLink {
  const parts = linkParts(token);
  if (!parts) return { kind: 'unknown' };
  // Compared as they are written, so that no second spelling of a signature counts.
  const right = Buffer.from(signatureOf(masterKey, parts.signed));
  if (!timingSafeEqual(right, Buffer.from(parts.signature))) return { kind: 'unknown' };
  const { orderId, expiresAtSeconds } = parts;
  const link = { orderId, expiresAtSeconds };
  return { kind: isLinkOver(link, nowMs) ? 'over' : 'good', link };
}
