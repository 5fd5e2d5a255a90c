/** The note that staff may leave with a refund or a decision on one: kept as a draft, its bound said, its refusal beside it. */
import { Textarea } from '@mantine/core';
import type { Draft } from '../actions/useDraft.ts';
import { described } from '../parts/bound.ts';
import { fieldError } from '../parts/ProblemNotice.tsx';

const NOTE_MAX = 500;

/** The field; `error` is what the API refused, if it did. */
export function NoteField({ note, error }: { note: Draft; error: unknown }) {
  return (
    <Textarea
      label="Note"
      description={described(`${note.kept}For colleagues. No personal data.`, note.text, NOTE_MAX)}
      value={note.text}
      maxLength={NOTE_MAX}
      autosize
      minRows={2}
      onChange={(event) => note.change(event.currentTarget.value)}
      error={fieldError(error, '/note')}
    />
  );
}
