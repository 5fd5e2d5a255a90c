/** Channels and their policies. A policy is never changed: each change is a new version, and orders keep theirs. */
import type { Policy } from '../../domain/policy.ts';
import { transaction, type Db } from '../connect.ts';
import { seal } from '../seal.ts';
import { writeAudit, type Caller } from './audit.ts';

/** A channel to make. `webhookSecret` is sealed before it is stored. */
export interface NewChannel {
  id: string;
  name: string;
  kind?: 'api' | 'shopify' | undefined;
  timeZone?: string | undefined;
  isDemo?: boolean | undefined;
  policy?: Partial<Policy> | undefined;
  webhookSecret?: string | undefined;
}

/** What a channel's secret is sealed with; also where it opens. */
export function channelSecretContext(channel: string): string {
  return `channel:${channel}:webhook-secret`;
}

/** Makes a channel with policy version 1; false when the id is taken (nothing is changed then). */
export async function createChannel(
  db: Pick<Db, 'pool'>,
  wanted: NewChannel,
  by: Caller & { masterKey: Buffer },
): Promise<boolean> {
  const { masterKey, ...caller } = by;
  const secret =
    wanted.webhookSecret === undefined
      ? null
      : seal(masterKey, wanted.webhookSecret, channelSecretContext(wanted.id));
  return transaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query(
      `insert into channels (id, name, kind, time_zone, is_demo, secret_sealed) values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do nothing`,
      [
        wanted.id,
        wanted.name,
        wanted.kind ?? 'api',
        wanted.timeZone ?? 'UTC',
        wanted.isDemo ?? false,
        secret,
      ],
    );
    if (!rowCount) return false;
    await tx.query('insert into policies (channel, version, body, created_by) values ($1, 1, $2, $3)', [
      wanted.id,
      JSON.stringify(wanted.policy ?? {}),
      caller.actor,
    ]);
    await writeAudit(tx, { ...caller, action: 'channel.created', subject: wanted.id });
    return true;
  });
}

/** Stores the policy as the channel's next version, which new orders get; undefined when there is no such channel. */
export async function setPolicy(
  db: Pick<Db, 'pool'>,
  wanted: { channel: string; policy: Partial<Policy> },
  caller: Caller,
): Promise<number | undefined> {
  return transaction(db.pool, async (tx) => {
    const { rows } = await tx.query<{ policy_version: number }>(
      'update channels set policy_version = policy_version + 1 where id = $1 returning policy_version',
      [wanted.channel],
    );
    const version = rows[0]?.policy_version;
    if (version === undefined) return undefined;
    await tx.query('insert into policies (channel, version, body, created_by) values ($1, $2, $3, $4)', [
      wanted.channel,
      version,
      JSON.stringify(wanted.policy),
      caller.actor,
    ]);
    await writeAudit(tx, {
      ...caller,
      action: 'channel.policy_set',
      subject: wanted.channel,
      data: { version },
    });
    return version;
  });
}
