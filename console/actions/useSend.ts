/**
 * Sending a form once an intention: a second press or a lost connection never does it twice, and what it may have changed is
 * read again. What was typed stays whatever the API says.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { refresh } from './refresh.ts';
import { useGuard } from './useGuard.ts';
import { useIntention } from './useIntention.ts';

/** A form that is being sent, was refused, or neither. */
export interface Sender<C> {
  error: Error | null;
  isPending: boolean;
  /** Sends what the form says. */
  send(this: void, content: C): void;
  /** Forgets a refusal. */
  reset(this: void): void;
}

/** How to send, and what follows when it was taken. */
export interface Sending<C, R> {
  send: (content: C, key: string) => Promise<R>;
  done: (result: R, content: C) => void;
}

/** Sends `content` with the key of its intention. */
export function useSend<C, R>({ send, done }: Sending<C, R>): Sender<C> {
  const client = useQueryClient();
  const intention = useIntention();
  const guard = useGuard();
  const { mutate, error, isPending, reset } = useMutation<R, Error, { content: C; key: string }>({
    networkMode: 'always',
    mutationFn: ({ content, key }) => send(content, key),
    onSettled: () => refresh(client),
  });
  return {
    error,
    isPending,
    reset,
    send(content) {
      if (!guard.begin()) return;
      mutate(
        { content, key: intention.keyFor(content) },
        {
          onSuccess(result) {
            // The next one is another one, even when it says the very same.
            intention.answered();
            done(result, content);
          },
          onError: intention.failed,
          onSettled: guard.end,
        },
      );
    },
  };
}
