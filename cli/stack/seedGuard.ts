/** What speaks against filling a database with made-up orders without being asked twice: they can't be taken out again. */
import { connectAdmin, databaseHost, databaseUse } from '../../db/admin.ts';

const LOOPBACK = ['127.0.0.1', 'localhost', '::1', '[::1]'];

/** The host that the address leads to when it is not this machine. */
export function hostAgainst(url: string): string | undefined {
  const host = databaseHost(url);
  return LOOPBACK.includes(host) || host.startsWith('/') ? undefined : host;
}

/** Why it should not be filled, or undefined for a local database without real channels. */
export async function reasonAgainst(url: string): Promise<string | undefined> {
  const host = hostAgainst(url);
  if (host !== undefined) return `The database is on ${host}, not on this machine.`;
  const db = connectAdmin(url);
  try {
    const { realChannels } = await databaseUse(db);
    return realChannels.length > 0
      ? `The database holds the channels of a business: ${realChannels.join(', ')}.`
      : undefined;
  } finally {
    await db.close();
  }
}
