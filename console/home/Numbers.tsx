/** The numbers of the home page; each leads to the list that it counts. */
import '../reports/reports.css';
import { Paper, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Report } from '../../api/schemas/reports.ts';
import { ORDER_VIEW_WORDS, type OrderViewName } from '../../domain/orderViews.ts';
import { addDays } from '../../domain/report.ts';
import { orderViewsQuery } from '../api/queries.ts';
import { formatCount } from '../format.ts';
import { useMoneyWaiting, waitingText } from '../money/waiting.ts';
import { Money } from '../parts/Money.tsx';
import { startOfDay } from '../reports/period.ts';
import { countIn, ordersOn, revenueOn } from './numbers.ts';

const VIEWS = ['needs_attention', 'to_ship', 'late'] as const satisfies readonly OrderViewName[];

/** The numbers; those of today wait for the report. */
export function Numbers({
  report,
  today,
  timeZone,
}: {
  report: Report | undefined;
  today: string;
  timeZone: string;
}) {
  const views = useQuery(orderViewsQuery).data;
  const { refunds, receipts } = useMoneyWaiting();
  const span = {
    placedAfter: startOfDay(today, timeZone),
    placedBefore: startOfDay(addDays(today, 1), timeZone),
  };
  return (
    <ul className="tiles homeTiles" aria-label="Today">
      <Figure to="/orders" search={span} name="Orders placed today" meaning={`Today in ${timeZone}.`}>
        {report && formatCount(ordersOn(report, today))}
      </Figure>
      {VIEWS.map((view) => (
        <Figure
          key={view}
          to="/orders"
          search={{ view }}
          name={ORDER_VIEW_WORDS[view].title}
          meaning={ORDER_VIEW_WORDS[view].definition}
        >
          {views && countIn(views, view)}
        </Figure>
      ))}
      <Figure
        to="/reports"
        search={{ report: 'sales', from: today, to: today, groupBy: 'channel' }}
        name="Revenue today"
        meaning="What customers owe for the orders placed today, tax and shipping included."
      >
        {report && <Revenue report={report} today={today} />}
      </Figure>
      <Figure
        to="/money"
        search={{ tab: 'refunds' }}
        name="Refunds that need a person"
        meaning="They wait for a second person, have failed, or are to be given back by hand."
      >
        {refunds && waitingText(refunds)}
      </Figure>
      <Figure
        to="/money"
        search={{ tab: 'receipts' }}
        name="Receipts that fit no order"
        meaning="Money that came in and is to be assigned to its order or sent back."
      >
        {receipts && waitingText(receipts)}
      </Figure>
    </ul>
  );
}

function Figure({
  to,
  search,
  name,
  meaning,
  children,
}: {
  to: '/orders' | '/reports' | '/money';
  search: Record<string, string>;
  name: string;
  meaning: string;
  children: ReactNode;
}) {
  return (
    <li>
      <Link to={to} search={search} className="tileLink">
        <Paper withBorder p="sm" h="100%">
          <Text size="sm" fw={600} className="tileName">
            {name}
          </Text>
          <Text component="div" fz="xl" fw={700} ta="left" className="figures">
            {children ?? <Skeleton h={24} w={80} my={5} />}
          </Text>
          <Text size="xs">{meaning}</Text>
        </Paper>
      </Link>
    </li>
  );
}

function Revenue({ report, today }: { report: Report; today: string }) {
  const amounts = revenueOn(report, today);
  if (amounts.length === 0) return '0';
  return amounts.map((money) => (
    <Text key={money.currency} component="div" fw={700} lh={1.35} fz={amounts.length > 1 ? 'sm' : 'xl'}>
      <Money money={money} />
    </Text>
  ));
}
