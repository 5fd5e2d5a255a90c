/** What day it is where the orders are counted. */
import { useQuery } from '@tanstack/react-query';
import { channelsQuery } from '../api/queries.ts';
import { useNow } from '../parts/Instant.tsx';
import { timeZoneFor, todayIn } from './period.ts';

/** Today in the time zone of the channel, or the latest of all of them; undefined until the channels are known. */
export function useToday(channel?: string): { today: string; timeZone: string } | undefined {
  const now = useNow();
  const { data, isError } = useQuery(channelsQuery);
  if (!data && !isError) return undefined;
  const timeZone = timeZoneFor(data?.data ?? [], { channel, nowMillis: now });
  return { timeZone, today: todayIn(timeZone, now) };
}
