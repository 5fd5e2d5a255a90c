/** The columns of the list: what each is called, what it shows, and how the API can sort by it. */
import type { ReactNode } from 'react';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import { STAGE_WORDS } from '../../domain/stage.ts';
import { formatCount, words } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';

/** One column. */
export interface Column {
  id: string;
  label: string;
  /** What the API can sort by; ascending, a minus before it is descending. */
  sort?: string;
  isFigure?: boolean;
  /** False for columns that people add themselves. */
  isUsual: boolean;
  cell(this: void, order: OrderListItem): ReactNode;
}

/** All columns besides the number, which is always there, in their order: a phone shows the first. */
export const COLUMNS: readonly Column[] = [
  { id: 'status', label: 'Status', isUsual: true, cell: (order) => <StatusBadge status={order.status} /> },
  { id: 'externalId', label: 'External id', isUsual: false, cell: (order) => order.externalId },
  {
    id: 'placed',
    label: 'Placed',
    sort: 'placedAt',
    isUsual: true,
    cell: (order) => <Instant iso={order.placedAt} />,
  },
  {
    id: 'received',
    label: 'Received',
    sort: 'createdAt',
    isUsual: false,
    cell: (order) => <Instant iso={order.createdAt} />,
  },
  { id: 'customer', label: 'Customer', isUsual: true, cell: (order) => order.recipientName ?? '–' },
  { id: 'country', label: 'Country', isUsual: false, cell: (order) => order.shipCountry ?? '–' },
  { id: 'channel', label: 'Channel', isUsual: true, cell: (order) => order.channel },
  { id: 'state', label: 'State', isUsual: true, cell: (order) => STAGE_WORDS[order.stage].name },
  { id: 'lifecycle', label: 'Lifecycle', isUsual: false, cell: (order) => words(order.lifecycle) },
  { id: 'payment', label: 'Payment', isUsual: true, cell: (order) => words(order.paymentStatus) },
  { id: 'method', label: 'Paid by', isUsual: false, cell: (order) => words(order.paymentMethod) },
  {
    id: 'fulfillment',
    label: 'Fulfillment',
    isUsual: false,
    cell: (order) => words(order.fulfillmentStatus),
  },
  { id: 'needs', label: 'Needs', isUsual: false, cell: needs },
  {
    id: 'lines',
    label: 'Lines',
    isFigure: true,
    isUsual: false,
    cell: (order) => formatCount(order.lineCount),
  },
  {
    id: 'units',
    label: 'Units',
    isFigure: true,
    isUsual: true,
    cell: (order) => formatCount(order.unitCount),
  },
  {
    id: 'total',
    label: 'Total',
    sort: 'total',
    isFigure: true,
    isUsual: true,
    cell: (order) => <Money money={order.total} />,
  },
  {
    id: 'promisedBy',
    label: 'Promised by',
    isUsual: false,
    cell: (order) => <Instant iso={order.promisedBy} />,
  },
  { id: 'tags', label: 'Tags', isUsual: false, cell: (order) => order.tags.join(', ') || '–' },
  { id: 'updated', label: 'Updated', isUsual: false, cell: (order) => <Instant iso={order.updatedAt} /> },
];

/** The ids of the columns that somebody sees who chose none. */
export const USUAL_COLUMNS: readonly string[] = COLUMNS.filter(({ isUsual }) => isUsual).map(({ id }) => id);

function needs(order: OrderListItem): ReactNode {
  return order.attention.map(words).join(', ') || '–';
}
