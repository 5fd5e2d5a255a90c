/** A support agent's day in a real browser, by mouse and by keyboard alone. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  cancelByKeyboard,
  cancelByMouse,
  workOffByKeyboard,
  workOffByMouse,
  type ThreeCases,
} from '../../cli/prove/console/journeys.ts';
import { browserStage, closeDesks, type BrowserStage } from './stage.ts';

let stage: BrowserStage;
beforeAll(async () => {
  stage = await browserStage();
});
afterEach(async () => {
  expect(await closeDesks()).toEqual([]);
});

async function held(email: string) {
  return stage.shop.place('held', { name: 'Katherine Johnson', email });
}

describe('finding, understanding and cancelling an order', () => {
  it('works by mouse and changes the order for good', async () => {
    const order = await held('katherine.mouse@example.com');
    const { page } = await stage.desk('support');
    const seen = await cancelByMouse(page, { email: 'katherine.mouse@example.com', number: order.number });
    expect(seen.standing).toContain(order.standing.state);
    expect(seen.standing).toMatch(/It waits for its release/);
    expect(seen.effects).toMatch(/voids .*129\.99/);
    expect(seen.effects).toMatch(/releases 3 units/);
    const ended = await stage.shop.until(order.id, 'cancelled', (now) => now.lifecycle === 'cancelled');
    expect(ended).toMatchObject({ paymentStatus: 'voided', undo: { cause: 'customer' } });
  });

  it('works by keyboard alone', async () => {
    const order = await held('katherine.keys@example.com');
    const { page } = await stage.desk('support');
    const seen = await cancelByKeyboard(page, { email: 'katherine.keys@example.com', number: order.number });
    expect(seen.standing).toContain(order.standing.state);
    const ended = await stage.shop.until(order.id, 'cancelled', (now) => now.lifecycle === 'cancelled');
    expect(ended.undo).toMatchObject({ cause: 'customer' });
  });
});

async function threeCases(): Promise<{ three: ThreeCases; ids: Record<keyof ThreeCases, string> }> {
  await stage.shop.restock(0);
  const [declined, short, lost] = [
    await stage.shop.place('declined'),
    await stage.shop.place('short'),
    await stage.shop.place('lost'),
  ];
  await stage.shop.restock(100);
  return {
    three: { declined: declined.number, short: short.number, lost: lost.number },
    ids: { declined: declined.id, short: short.id, lost: lost.id },
  };
}

describe('three orders that need attention are worked off', () => {
  it.each([
    ['by mouse', workOffByMouse],
    ['by keyboard alone', workOffByKeyboard],
  ])('%s', async (_way, workOff) => {
    const { three, ids } = await threeCases();
    const { page } = await stage.desk('support');
    await workOff(page, three);
    const declined = await stage.shop.until(
      ids.declined,
      'cancelled',
      (now) => now.lifecycle === 'cancelled',
    );
    expect(declined.undo?.cause).toBe('declined');
    const short = await stage.shop.until(ids.short, 'paid', (now) => now.paymentStatus === 'authorized');
    expect(short.attention).toEqual([]);
    const lost = await stage.shop.order(ids.lost);
    expect(lost.attention).toEqual([]);
    expect(lost.cases[0]).toMatchObject({
      resolution: 'Claimed at the carrier; the customer gets another one.',
      assigneeName: 'support at the desk',
    });
  });
});
