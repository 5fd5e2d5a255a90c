/** Has a page that lacks a part of its program loaded anew as soon as the API can be reached. */
import { useEffect } from 'react';
import { useConnection } from '../live.ts';
import { reloadOnce } from '../parts/loading.ts';

/** Tries at once (a newer console may have been deployed) and whenever the connection comes back. */
export function useRecovery(isNeeded: boolean): void {
  const connection = useConnection();
  useEffect(() => {
    if (isNeeded && connection !== 'lost') void reloadOnce();
  }, [isNeeded, connection]);
  useEffect(() => {
    if (!isNeeded) return undefined;
    // Outside the frame no stream tells.
    const onOnline = () => void reloadOnce();
    window.addEventListener('online', onOnline);
    return () => window.removeEventListener('online', onOnline);
  }, [isNeeded]);
}
