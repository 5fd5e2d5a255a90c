/** The pages of the console: their names, addresses and the keys that jump to them. */
import { ORDER_VIEW_WORDS, ORDER_VIEWS } from '../../domain/orderViews.ts';

/** The pages in the navigation, in its order. `key` follows `g`. */
export const PAGES = [
  { to: '/', label: 'Home', key: 'h' },
  { to: '/orders', label: 'Orders', key: 'o' },
  { to: '/attention', label: 'Needs attention', key: 'a' },
  { to: '/money', label: 'Money', key: 'm' },
  { to: '/inventory', label: 'Inventory', key: 'i' },
  { to: '/reports', label: 'Reports', key: 'r' },
] as const;

const PRODUCT = 'Holdfast';

/** The title of the browser's tab. */
export function titleOf(pathname: string, view: string | undefined): string {
  const [, first = '', second] = pathname.split('/');
  if (first === 'orders' && second !== undefined && second !== '')
    return `Order ${decoded(second)} · ${PRODUCT}`;
  const known = ORDER_VIEWS.find((name) => name === view);
  const part = first === 'orders' && known && known !== 'all' ? `${ORDER_VIEW_WORDS[known].title} · ` : '';
  const page = PAGES.find(({ to }) => to === `/${first}`);
  return page ? `${part}${page.label} · ${PRODUCT}` : PRODUCT;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
