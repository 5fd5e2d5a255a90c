/**
 * The key of one intention: the same as long as the very same thing is sent again (the connection failed, the button was
 * pressed twice), and a new one for something else or after a definite answer, whose replay would help nobody.
 */
import { useRef } from 'react';
import { isRefusal, newKey } from '../api/client.ts';

/** The key for what is about to be sent, and how to say that it has got its answer, or none that is known. */
export interface Intention {
  keyFor(content: unknown): string;
  answered(): void;
  /** A definite refusal would only be replayed under the same key; an unknown outcome keeps it. */
  failed(error: Error): void;
}

/** One intention of a form or a button. */
export function useIntention(): Intention {
  const held = useRef<{ content: string; key: string }>(undefined);
  const answered = () => {
    held.current = undefined;
  };
  return {
    keyFor(content) {
      const text = JSON.stringify(content);
      if (held.current?.content !== text) held.current = { content: text, key: newKey() };
      return held.current.key;
    },
    answered,
    failed(error) {
      if (isRefusal(error)) answered();
    },
  };
}
