/** A text field whose text is kept until it is sent, also when the session ends meanwhile. */
import { useState } from 'react';
import { draftsOf } from './drafts.ts';
import { useKeyId } from './useRights.ts';

/** The text, how to change it, and whether it was found as it had been left. */
export interface Draft {
  text: string;
  /** Changes it; empty when it was sent. */
  change(this: void, text: string): void;
  /** What the field says when it was found; empty otherwise. */
  kept: string;
}

/** The draft of this name: of one field of one order or case. */
export function useDraft(name: string): Draft {
  const person = useKeyId() ?? '';
  // Whose it is does not change while it is typed, also when the session ends in between.
  const [drafts] = useState(() => draftsOf(person, () => sessionStorage));
  const [text, setText] = useState(() => drafts.read(name));
  const [isKept, setKept] = useState(text !== '');
  return {
    text,
    change(next) {
      setText(next);
      drafts.write(name, next);
      if (next === '') setKept(false);
    },
    kept: isKept ? 'This is what you had typed and not sent. ' : '',
  };
}
