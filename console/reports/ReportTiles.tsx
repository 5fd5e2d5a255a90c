/** The totals of a report: each number large, with its change against the period before. */
import './reports.css';
import { Paper, Text, Tooltip } from '@mantine/core';
import type { Report } from '../../api/schemas/reports.ts';
import { changeOf } from './change.ts';
import { ChangeText } from './ChangeText.tsx';
import { tilesOf, type Tile, type TileLine } from './tiles.ts';
import { formatValue } from './values.ts';

/** The tiles of a report. */
export function ReportTiles({ report }: { report: Report }) {
  const tiles = tilesOf(report.columns, report.totals);
  if (tiles.length === 0) return null;
  return (
    <ul className="tiles" aria-label="Totals">
      {tiles.map((tile) => (
        <Paper component="li" key={tile.column.id} withBorder p="sm">
          <Tooltip label={tile.column.definition} multiline maw={320}>
            <Text size="sm" fw={600} w="fit-content">
              {tile.column.title}
            </Text>
          </Tooltip>
          {tile.lines.map((line) => (
            <Line key={line.currency ?? ''} tile={tile} line={line} />
          ))}
        </Paper>
      ))}
    </ul>
  );
}

function Line({ tile: { column, lines }, line }: { tile: Tile; line: TileLine }) {
  const isAlone = lines.length === 1;
  const { kind } = changeOf(column, line.now, line.before);
  // Shares of several currencies say which; amounts say it themselves.
  const prefix = column.kind !== 'money' && line.currency !== null && !isAlone ? `${line.currency} ` : '';
  return (
    <div>
      <Text fz={isAlone ? 'xl' : 'md'} fw={600} className="figures" ta="left">
        {prefix}
        {formatValue(column.kind, line.now, line.currency)}
      </Text>
      {kind !== 'none' && (
        <Text size="sm">
          <ChangeText column={column} now={line.now} before={line.before} />
          {kind === 'moved' && ` (before: ${formatValue(column.kind, line.before, line.currency)})`}
        </Text>
      )}
    </div>
  );
}
