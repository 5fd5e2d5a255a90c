/** The mark of a token that a customer gave comes off again, and no token of a shop bears it. */
import { expect, it } from 'vitest';
import { givenByCustomer, readCardToken } from './cardToken.ts';

it('what a customer gave is known as such, and the token is the same', () => {
  expect(readCardToken(givenByCustomer('pm_1'))).toEqual({ token: 'pm_1', isGivenByCustomer: true });
});

it.each(['pm_1', 'cus_1:pm_1', 'tok_new', ''])('"%s" is kept as it is', (token) => {
  expect(readCardToken(token)).toEqual({ token, isGivenByCustomer: false });
});
