/** Keeps a second press from sending twice: known at once, not only when the page has been drawn again. */
import { useRef } from 'react';

/** Whether something may begin, and that it has ended. */
export interface Guard {
  /** True for the first who asks; false until it has ended. */
  begin(this: void): boolean;
  end(this: void): void;
}

/** One guard of a form or a button. */
export function useGuard(): Guard {
  const isBusy = useRef(false);
  return {
    begin() {
      if (isBusy.current) return false;
      isBusy.current = true;
      return true;
    },
    end() {
      isBusy.current = false;
    },
  };
}
