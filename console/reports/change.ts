/** How a number changed against the period before, as words, so that colour never stands alone. Pure. */
import type { ReportColumn } from '../../domain/report.ts';
import { formatDecimal } from './values.ts';

/** What became of a number. `none`: one side makes no sense, so nothing can be said. */
export type Change =
  | { kind: 'none' }
  | { kind: 'same' }
  | { kind: 'fromNothing'; verdict: Verdict }
  | { kind: 'moved'; isUp: boolean; by: number; unit: 'percent' | 'points'; verdict: Verdict };

/** Whether the change is good news. */
export type Verdict = 'better' | 'worse' | 'neither';

/** Below this share of a percent (or point) nothing has changed for a reader. */
const NOTICED = 0.05;

/** Compares two periods. Shares of 100 differ by points, everything else by percent of what was before. */
export function changeOf(
  column: Pick<ReportColumn, 'kind' | 'higherIsBetter'>,
  now: number | null | undefined,
  before: number | null | undefined,
): Change {
  if (now === null || now === undefined || before === null || before === undefined) return { kind: 'none' };
  if (now === before) return { kind: 'same' };
  const isUp = now > before;
  const verdict = verdictOf(column.higherIsBetter, isUp);
  const unit = column.kind === 'percent' ? 'points' : 'percent';
  if (unit === 'percent' && before === 0) return { kind: 'fromNothing', verdict };
  const by = unit === 'points' ? Math.abs(now - before) : (Math.abs(now - before) / Math.abs(before)) * 100;
  return by < NOTICED ? { kind: 'same' } : { kind: 'moved', isUp, by, unit, verdict };
}

function verdictOf(higherIsBetter: boolean | null, isUp: boolean): Verdict {
  if (higherIsBetter === null) return 'neither';
  return higherIsBetter === isUp ? 'better' : 'worse';
}

/** From here on whole percents say enough. */
const WHOLE_FROM = 10;

/** The change in words: "▲ 12 % more", "▼ 0.4 points less", "unchanged", "new", a dash for nothing to say. */
export function changeWords(change: Change): string {
  switch (change.kind) {
    case 'none':
      return '–';
    case 'same':
      return 'unchanged';
    case 'fromNothing':
      return '▲ new';
    case 'moved': {
      const by = formatDecimal(change.by, change.by < WHOLE_FROM ? 1 : 0);
      const unit = change.unit === 'percent' ? '%' : 'points';
      return `${change.isUp ? '▲' : '▼'} ${by} ${unit} ${change.isUp ? 'more' : 'less'}`;
    }
  }
}

/** Whether the change is good news; neither when nothing moved. */
export function verdictIn(change: Change): Verdict {
  return change.kind === 'moved' || change.kind === 'fromNothing' ? change.verdict : 'neither';
}
