/** The stand-in for Stripe.js: it is served, offers each test card once by a name of its own, and takes nothing else. */
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { charge, createWorld, providersOf, type World } from '../test/given/simulators.ts';
import { cardOf, testCards } from './payment.cards.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

test('is served as a script that brings Stripe into the page, for publishable keys only', async () => {
  const simulators = await world.start();
  const answer = await fetch(`${simulators.payment.url}/v3/`);
  expect(answer.headers.get('content-type')).toContain('text/javascript');
  const window: { Stripe?: (key: string) => object } = {};
  runInNewContext(await answer.text(), { window, Object, JSON });
  expect(Object.keys(window.Stripe?.('pk_test_1') ?? {})).toEqual(['elements', 'createPaymentMethod']);
  expect(() => window.Stripe?.('sk_test_1')).toThrow('publishable');
});

test('every card it offers has a name of its own, and the gateway knows it', async () => {
  const cards = testCards();
  const declined = cards.filter((one) => cardOf(one.token)?.decline);
  expect(declined.every((one) => one.name.includes(': '))).toBe(true);
  expect(new Set(cards.map((one) => one.token)).size).toBe(cards.length);
  const { payment } = providersOf(await world.start());
  const outcomes = await Promise.all(
    cards.map(({ token }, index) => payment.authorize({ ...charge(index + 1), token })),
  );
  expect(outcomes.filter((one) => !one.ok && one.providerCode === 'resource_missing')).toEqual([]);
});
