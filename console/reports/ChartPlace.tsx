/**
 * A chart with its words: what is drawn, what the colours mean, and where the same numbers stand as text. The drawing
 * itself is loaded later, so that the table is there first; without it the page says so and still has every number.
 */
import './reports.css';
import { Skeleton, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { heightOf, type Drawing } from './series.ts';

const Chart = lazy(() =>
  import('./Chart.tsx').then(
    (loaded) => ({ default: loaded.Chart }),
    () => ({ default: ChartMissing }),
  ),
);

/** A picture of the points, named for those who can't see it. */
export function ChartPlace({
  drawing,
  title,
  names,
  table,
}: {
  drawing: Drawing;
  /** What is drawn: "Orders by day". */
  title: string;
  names: { now: string; before: string };
  /** Where the same numbers stand as text. */
  table: string;
}) {
  const isBar = drawing.kind === 'line' ? undefined : '';
  return (
    <figure className="chart">
      <figcaption className="chartLegend">
        <Text span size="sm" fw={600}>
          {title}
        </Text>
        <span>
          <span className="chartKey" data-bar={isBar} aria-hidden />
          {names.now}
        </span>
        <span>
          <span className="chartKey" data-before="" data-bar={isBar} aria-hidden />
          {names.before}
          {isBar === undefined ? ' (dashed)' : ' (the second bar)'}
        </span>
      </figcaption>
      <div role="img" aria-label={`Chart: ${title}. ${table}`}>
        <Suspense fallback={<Skeleton h={heightOf(drawing)} />}>
          <Chart drawing={drawing} names={names} />
        </Suspense>
      </div>
    </figure>
  );
}

function ChartMissing() {
  return <Text size="sm">The chart could not be loaded. The table has the same numbers.</Text>;
}
