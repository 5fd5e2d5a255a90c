/**
 * How an order keeps the token of a card. A token that a shop or a colleague gave is kept as it is; one that a customer gave
 * on a page that needs no key is marked, because nobody vouches for whose card it is.
 */

const MARK = 'new:';

/** The token as it is kept when the customer gave it: it may only stand for a card that nobody else has saved. */
export function givenByCustomer(token: string): string {
  return `${MARK}${token}`;
}

/** A token as it was kept: the provider's own, and whether the customer gave it. */
export function readCardToken(kept: string): { token: string; isGivenByCustomer: boolean } {
  const isGivenByCustomer = kept.startsWith(MARK);
  return { token: isGivenByCustomer ? kept.slice(MARK.length) : kept, isGivenByCustomer };
}
