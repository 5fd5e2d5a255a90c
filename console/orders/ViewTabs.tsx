/** The views: those everybody has, with how many orders each shows, and the person's own. */
import { Badge, Group, Skeleton, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ORDER_VIEW_WORDS, ORDER_VIEWS, type OrderViewName } from '../../domain/orderViews.ts';
import { orderViewsQuery, savedViewsQuery } from '../api/queries.ts';
import { formatCount } from '../format.ts';
import { searchOfView, viewQuery, type Search } from './filters.ts';
import { OwnViewTools } from './OwnViewTools.tsx';

/** Links to all views; the one shown is marked. */
export function ViewTabs({ search }: { search: Search }) {
  const kept = useQuery(savedViewsQuery).data?.data ?? [];
  const query = viewQuery(search);
  const own = kept.find((view) => viewQuery(searchOfView(view.query)) === query);
  return (
    <Group justify="space-between" align="center" gap="xs">
      <nav aria-label="Views">
        <Group gap={4}>
          {ORDER_VIEWS.map((view) => (
            <Tab
              key={view}
              search={view === 'all' ? {} : { view }}
              isShown={own === undefined && (search['view'] ?? 'all') === view}
              tip={ORDER_VIEW_WORDS[view].definition}
            >
              {ORDER_VIEW_WORDS[view].title} <Count view={view} />
            </Tab>
          ))}
          {kept.map((view) => (
            <Tab
              key={view.id}
              search={searchOfView(view.query)}
              isShown={view === own}
              tip={`Your own view “${view.name}”`}
            >
              <span className="viewName">{view.name}</span>
            </Tab>
          ))}
        </Group>
      </nav>
      <OwnViewTools query={query} own={own} />
    </Group>
  );
}

function Tab({
  search,
  isShown,
  tip,
  children,
}: {
  search: Search;
  isShown: boolean;
  tip: string;
  children: ReactNode;
}) {
  return (
    <Tooltip label={tip}>
      <Link
        to="/orders"
        search={search}
        className="viewTab"
        activeOptions={{ exact: true }}
        // The router marks the exact address only; a view with a filter more is still that view.
        activeProps={{}}
        aria-current={isShown ? 'page' : undefined}
        data-shown={isShown}
      >
        {children}
      </Link>
    </Tooltip>
  );
}

function Count({ view }: { view: OrderViewName }) {
  const { data, isPending } = useQuery(orderViewsQuery);
  if (isPending) return <Skeleton component="span" h={14} w={24} display="inline-block" />;
  const found = data?.data.find((one) => one.view === view);
  if (!found) return null;
  const text = `${formatCount(found.count)}${found.isMore ? '+' : ''}`;
  if (view === 'needs_attention' && found.count > 0)
    return (
      <Badge size="sm" color="orange">
        {text}
      </Badge>
    );
  return (
    <Text span size="xs">
      {text}
    </Text>
  );
}
