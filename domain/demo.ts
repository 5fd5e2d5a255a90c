/** The stories a demo order can be placed for, so that a newcomer sees each kind of life at once. */
export const DEMO_STORIES = [
  'all_well',
  'two_parcels',
  'declined_card',
  'short_stock',
  'lost_parcel',
] as const;
export type DemoStory = (typeof DEMO_STORIES)[number];
