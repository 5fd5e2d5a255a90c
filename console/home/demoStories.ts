/** The demo stories in words: what each order will meet, and what will be seen of it. */
import { DEMO_STORIES, type DemoStory } from '../../domain/demo.ts';

/** Orders that one press may place; the API takes no more. */
export const DEMO_ORDERS_MAX = 20;

const WORDS: Readonly<Record<DemoStory, { title: string; seen: string }>> = Object.freeze({
  all_well: {
    title: 'All well',
    seen: 'Reserved, paid, packed, handed over: delivered in a minute or two, by itself.',
  },
  two_parcels: {
    title: 'Two parcels',
    seen: 'The goods lie in two warehouses: two parcels, each with its own scans, and paid for in two parts.',
  },
  declined_card: {
    title: 'Declined card',
    seen: 'The bank says no. The order waits under “Needs attention” for a person to retry or cancel it.',
  },
  short_stock: {
    title: 'Short stock',
    seen: 'One unit more than there is. The order waits for stock: add some under Inventory, then retry it.',
  },
  lost_parcel: {
    title: 'Lost parcel',
    seen: 'Shipped as usual, then the carrier loses it: a case for a person is opened.',
  },
});

/** A story to choose, with what will be seen. */
export interface StoryChoice {
  story: DemoStory;
  title: string;
  seen: string;
}

/** The stories in the order in which they are offered. */
export const STORY_CHOICES: readonly StoryChoice[] = DEMO_STORIES.map((story) => ({
  story,
  ...WORDS[story],
}));

/** The number of orders that was typed; undefined when it is none that can be placed. */
export function countOf(typed: string): number | undefined {
  if (!/^\d{1,3}$/.test(typed.trim())) return undefined;
  const count = Number(typed);
  return count >= 1 && count <= DEMO_ORDERS_MAX ? count : undefined;
}
