/**
 * Parts of the console that are fetched when they are needed: what to do when one can't be. Its file may be out of reach for
 * now, or gone because a newer console was deployed. Either way the page is loaded anew as soon as the API answers: browsers
 * remember a program or style that failed, so asking for it again would not help.
 */

/** A part of the console could not be fetched. */
export class PartMissing extends Error {
  override readonly name = 'PartMissing';
}

/** Fetches a part; throws PartMissing when that fails. */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new PartMissing('This part of the console could not be loaded.', { cause });
  }
}

const RELOADED_AT = 'holdfast-reloaded-at';
/** A page that was loaded anew and lacks a part again within this time is left as it is: it would never end. */
const PAUSE_MILLIS = 30_000;

/** True when the page was not loaded anew just before; `reloadedAt` is when it was, in milliseconds as text. */
export function mayReload(reloadedAt: string | null, nowMillis: number): boolean {
  return !(nowMillis - Number(reloadedAt ?? Number.NaN) < PAUSE_MILLIS);
}

/** Loads the page anew, if the API answers and it was not just done. */
export async function reloadOnce(): Promise<void> {
  const answer = await fetch('/', { cache: 'no-store' }).catch(() => undefined);
  if (!answer?.ok || !mayReload(sessionStorage.getItem(RELOADED_AT), Date.now())) return;
  sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  window.location.reload();
}
