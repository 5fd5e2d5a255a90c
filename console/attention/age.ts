/** How old a case may get: a colour and a word, so that the colour never stands alone. */

/** An age in words with its colour. */
export interface Age {
  word: 'new' | 'today' | 'old' | 'very old';
  color: 'gray' | 'yellow' | 'orange' | 'red';
}

const HOUR_MILLIS = 3_600_000;
const STEPS: readonly { belowHours: number; age: Age }[] = [
  { belowHours: 1, age: { word: 'new', color: 'gray' } },
  { belowHours: 8, age: { word: 'today', color: 'yellow' } },
  { belowHours: 48, age: { word: 'old', color: 'orange' } },
];
const OLDEST: Age = { word: 'very old', color: 'red' };

/** The age of something that has waited since an instant: below 1 hour, 8 hours, 2 days, and above. */
export function ageOf(sinceIso: string, nowMillis: number): Age {
  const hours = (nowMillis - Date.parse(sinceIso)) / HOUR_MILLIS;
  return STEPS.find((step) => hours < step.belowHours)?.age ?? OLDEST;
}
