/** Draws points with the chart package. In a chunk of its own: only ChartPlace.tsx loads it, when there is something to draw. */
import '@mantine/charts/styles.layer.css';
import { BarChart, LineChart } from '@mantine/charts';
import { minorDigits } from '../../domain/money.ts';
import { heightOf, type Drawing } from './series.ts';
import { formatValue } from './values.ts';

const NAMES_WIDTH = 170;
const TICKS_WIDTH = 64;

/** The drawing alone: its words and its table stand beside it. */
export function Chart({ drawing, names }: { drawing: Drawing; names: { now: string; before: string } }) {
  const { kind, column, currency, points } = drawing;
  const series = [
    { name: 'now', label: names.now, color: 'var(--chart-now)' },
    { name: 'before', label: names.before, color: 'var(--chart-before)', strokeDasharray: '6 4' },
  ];
  const common = {
    h: heightOf(drawing),
    data: points.map((point) => ({ ...point })),
    dataKey: 'label',
    valueFormatter: (value: number) => formatValue(column.kind, value, currency),
    tickLine: 'none',
    gridAxis: kind === 'lying' ? 'y' : 'x',
    // The picture is for eyes; the table below it is for the keyboard and for screen readers.
    accessibilityLayer: false,
  } as const;
  // Half an order is no mark on an axis.
  const ticks = { tickFormatter: tick(drawing), allowDecimals: column.kind !== 'count' };
  const still = { isAnimationActive: false };
  if (kind === 'line')
    return (
      <LineChart
        {...common}
        series={series}
        curveType="linear"
        withDots={points.length === 1}
        connectNulls={false}
        lineProps={still}
        yAxisProps={{ width: TICKS_WIDTH, ...ticks }}
      />
    );
  return (
    <BarChart
      {...common}
      series={series.map(({ strokeDasharray: _, ...one }) => one)}
      orientation={kind === 'lying' ? 'vertical' : 'horizontal'}
      barProps={still}
      maxBarWidth={40}
      {...(kind === 'lying'
        ? { xAxisProps: ticks, yAxisProps: { width: NAMES_WIDTH, interval: 0 } }
        : { yAxisProps: { width: TICKS_WIDTH, ...ticks } })}
    />
  );
}

const COMPACT = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

/** Numbers of the axis are short; which money they are is said above the chart. */
function tick({ column, currency }: Drawing): (value: number) => string {
  if (column.kind === 'money' && currency !== null) {
    const scale = 10 ** minorDigits(currency);
    return (value) => COMPACT.format(value / scale);
  }
  if (column.kind === 'count') return (value) => COMPACT.format(value);
  return (value) => formatValue(column.kind, value, currency);
}
