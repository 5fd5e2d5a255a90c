/**
 * Links under which a customer pays one order: the form of their token. It holds the order's id and when it ends, and a
 * signature over both under a key derived from the master key; nothing of it is stored. Signing and checking stand in api.
 */

/** What a link is good for. */
export interface PaymentLink {
  orderId: string;
  /** Whole seconds since 1970. */
  expiresAtSeconds: number;
}

/** A token taken apart; nothing of it is believed before its signature was checked. */
export interface PaymentLinkParts extends PaymentLink {
  /** What the signature is over. */
  signed: string;
  /** Base64url, 43 characters. */
  signature: string;
}

/** `<order id>.<seconds>.<signature>`: only characters that need no escaping in an address, and none that a mail cuts off at its end. */
const TOKEN = /^((ord_[0-9a-z]{1,60})\.([1-9]\d{0,11}))\.([A-Za-z0-9_-]{43})$/;

/** What the signature of a link is over. */
export function signedPart({ orderId, expiresAtSeconds }: PaymentLink): string {
  return `${orderId}.${expiresAtSeconds}`;
}

/** The token of a link; `signature` is base64url of HMAC-SHA256 over `signedPart`. */
export function linkToken(link: PaymentLink, signature: string): string {
  return `${signedPart(link)}.${signature}`;
}

/** Takes a token apart; undefined when it does not have the form of one. */
export function linkParts(token: string): PaymentLinkParts | undefined {
  const [, signed, orderId, seconds, signature] = TOKEN.exec(token) ?? [];
  if (!signed || !orderId || !seconds || !signature) return undefined;
  return { orderId, expiresAtSeconds: Number(seconds), signed, signature };
}

/** When a link that is made now ends: after `lifetimeSeconds`, in whole seconds since 1970. */
export function linkEnd(nowMs: number, lifetimeSeconds: number): number {
  return Math.floor(nowMs / 1000) + lifetimeSeconds;
}

/** True once the link has ended. */
export function isLinkOver(link: Pick<PaymentLink, 'expiresAtSeconds'>, nowMs: number): boolean {
  return nowMs >= link.expiresAtSeconds * 1000;
}
