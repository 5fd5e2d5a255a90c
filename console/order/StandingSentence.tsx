/** Where the order stands, in one sentence, with instants in the reader's time zone. */
import { Text, Tooltip } from '@mantine/core';
import { Fragment } from 'react';
import type { Standing } from '../../api/schemas/orders.ts';
import { formatInstant } from '../format.ts';
import { usePresent } from '../parts/Instant.tsx';
import { deadlineWords, pastWords } from '../parts/relative.ts';
import { formatMinute, sentenceParts, type SentencePart } from './sentence.ts';

/** The sentence. */
export function StandingSentence({ standing, size = 'md' }: { standing: Standing; size?: 'sm' | 'md' }) {
  return (
    <Text size={size} component="p" m={0} data-testid="standing">
      {sentenceParts(standing).map((part, index) => (
        // Two instants of a sentence may be the same: only their places tell them apart.
        <Fragment key={index}>{'text' in part ? part.text : <Moment moment={part} />}</Fragment>
      ))}
    </Text>
  );
}

function Moment({ moment: { iso, precision } }: { moment: Extract<SentencePart, { iso: string }> }) {
  const now = usePresent();
  const minute = formatMinute(iso);
  if (precision === 'minute') return <time dateTime={iso}>{minute}</time>;
  const relative = precision === 'deadline' ? deadlineWords(iso, now) : pastWords(iso, now);
  return (
    <Tooltip label={formatInstant(iso)}>
      <time dateTime={iso}>{`${minute} (${relative})`}</time>
    </Tooltip>
  );
}
