/** A change against the period before: arrow, words, and what it means in words and colour. */
import { Text } from '@mantine/core';
import type { ReportColumn } from '../../domain/report.ts';
import { changeOf, changeWords, verdictIn } from './change.ts';

/** Shows the change of a number; `brief` leaves out whether it is good news, with the colour that says it. */
export function ChangeText({
  column,
  now,
  before,
  brief = false,
}: {
  column: Pick<ReportColumn, 'kind' | 'higherIsBetter'>;
  now: number | null | undefined;
  before: number | null | undefined;
  brief?: boolean;
}) {
  const change = changeOf(column, now, before);
  const verdict = verdictIn(change);
  if (brief || verdict === 'neither')
    return (
      <Text span inherit>
        {changeWords(change)}
      </Text>
    );
  return (
    <Text span inherit className={verdict}>
      {changeWords(change)}, {verdict}
    </Text>
  );
}
