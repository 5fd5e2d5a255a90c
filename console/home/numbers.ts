/** The numbers of the home page out of the sales report and the views. Pure. */
import type { OrderViews } from '../../api/schemas/desk.ts';
import type { Report } from '../../api/schemas/reports.ts';
import type { OrderViewName } from '../../domain/orderViews.ts';
import { addDays, type ReportRow } from '../../domain/report.ts';
import { formatCount } from '../format.ts';

/** The days of the home page's chart, today included. */
export const HOME_DAYS = 14;

/** The query of the sales report behind the home page. */
export function homeQuery(today: string): { from: string; to: string; groupBy: string } {
  return { from: addDays(today, 1 - HOME_DAYS), to: today, groupBy: 'day' };
}

type Sales = Pick<Report, 'rows'>;

/** Orders placed on a day, of all currencies: an order has one currency. */
export function ordersOn(report: Sales, day: string): number {
  return rowsOf(report, day).reduce((sum, row) => sum + (row.values['orders'] ?? 0), 0);
}

/** An amount of one currency, in minor units. */
export interface Amount {
  amount: number;
  currency: string;
}

/** Revenue of a day, for each currency apart; currencies without any are left out. */
export function revenueOn(report: Sales, day: string): Amount[] {
  return rowsOf(report, day).flatMap((row) => {
    const amount = row.values['revenue'] ?? 0;
    return row.currency === null || amount === 0 ? [] : [{ amount, currency: row.currency }];
  });
}

function rowsOf(report: Sales, day: string): ReportRow[] {
  return report.rows.filter((row) => row.key === day);
}

/** Orders of a day, and of the day as far from the start of the period before. */
export interface DayOrders {
  day: string;
  now: number;
  before: number;
}

/** Orders by day over all currencies, in order. */
export function ordersByDay(report: Sales): DayOrders[] {
  const days = [...new Set(report.rows.map((row) => row.key))].toSorted();
  return days.map((day) => ({
    day,
    now: ordersOn(report, day),
    before: rowsOf(report, day).reduce((sum, row) => sum + (row.before['orders'] ?? 0), 0),
  }));
}

/** How many orders a view shows, as it was counted: "1,000+" when there are more than were counted. */
export function countIn(views: OrderViews, name: OrderViewName): string {
  const view = views.data.find((one) => one.view === name);
  return view ? `${formatCount(view.count)}${view.isMore ? '+' : ''}` : '–';
}

/** True when there is no order at all. */
export function hasNoOrders(views: OrderViews): boolean {
  return views.data.some((one) => one.view === 'all' && one.count === 0 && !one.isMore);
}
