/** The views of the order list that everybody has. */
export const ORDER_VIEWS = ['all', 'needs_attention', 'to_ship', 'late', 'cancelled'] as const;
export type OrderViewName = (typeof ORDER_VIEWS)[number];

/** Their titles, and one sentence each that says which orders they show. */
export const ORDER_VIEW_WORDS: Readonly<Record<OrderViewName, { title: string; definition: string }>> =
  Object.freeze({
    all: { title: 'All', definition: 'Every order.' },
    needs_attention: {
      title: 'Needs attention',
      definition: 'Orders with at least one open case: a person has to look at them.',
    },
    to_ship: {
      title: 'To ship',
      definition: 'Released to the warehouse and not yet with the carrier.',
    },
    late: { title: 'Late', definition: 'Promised for a time that has passed, and not ended yet.' },
    cancelled: { title: 'Cancelled', definition: 'Cancelled, expired or rejected.' },
  });
