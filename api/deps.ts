/** What the app is made of. Everything outside comes in here; the app itself reads no environment and opens no socket. */
import type { Logger } from 'pino';
import type { Db } from '../db/connect.ts';
import type { ChannelRow } from '../db/reads/lists.ts';
import type { AcceptRequest, AcceptResult, Intake } from '../db/writes/intake.ts';
import type { NewOrder } from '../domain/newOrder.ts';
import type { Policy } from '../domain/policy.ts';
import type { InboundFact, WebhookHeaders } from '../providers/inbound.ts';
import type { ReconcileRunInput } from '../workflows/contract.ts';
import type { Authenticator } from './auth.ts';
import type { Cached } from './cached.ts';
import type { Doorbell } from './doorbell.ts';
import type { OrderLane } from './lane.ts';
import type { Metrics } from './metrics.ts';
import type { OpenStreams } from './openStreams.ts';
import type { ProblemError } from './problems.ts';
import type { Starter } from './starts.ts';
import type { ChangeFeed } from './stream.ts';

/** Verifies a webhook over its raw bytes and translates it; throws an error named BadSignature. */
export type WebhookParser = (raw: Buffer, headers: WebhookHeaders) => InboundFact[];

/** A shop's order in our words, or why it can't be one. Instants and amounts are still to be checked by our schema. */
export type ShopOrder =
  | { ok: true; externalId: string; order: NewOrder }
  | { ok: false; externalId: string | null; errors: ProblemError[] };

/** Translates the body of Shopify's order webhooks; never throws. */
export type ShopOrderTranslator = (body: unknown) => ShopOrder;

/** The page where customers pay. */
export interface PayPageSettings {
  /** Where links lead: an address of this API without a path; left out: `publicUrl`, or else this machine's usual port. */
  baseUrl?: string | undefined;
  /** The gateway's publishable key; without it no card can be given on the page. */
  publishableKey?: string | undefined;
  /** The gateway's script that takes cards. */
  scriptUrl: string;
}

/** What createApp needs. */
export interface AppDeps {
  db: Db;
  /** How workflows are reached; it may be down. Without it nothing is started or rung: the relay does that, or nobody. */
  lane?: OrderLane | undefined;
  /** Starts a reconciliation of money; without it none can be asked for. Rejects when Temporal can't be reached. */
  startReconciliation?: ((run: ReconcileRunInput & { runId: string }) => Promise<void>) | undefined;
  parsers: { stripe: WebhookParser; easypost: WebhookParser; warehouse: WebhookParser };
  shopify: ShopOrderTranslator;
  /** 32 bytes. */
  masterKey: Buffer;
  logger: Logger;
  /** Requests a second and caller; 0 or left out: no limit. */
  rateLimitPerSecond?: number | undefined;
  /** Where people reach the console; decides whether its cookie is Secure. */
  publicUrl?: string | undefined;
  /** How the page behind payment links is reached, and how cards are entered there. */
  payPage?: PayPageSettings | undefined;
  /** Folder of the built console. */
  consoleDir?: string | undefined;
  /** How often an open stream is looked at whether its caller still may listen; 5 s when left out. */
  streamCheckMillis?: number | undefined;
  /** Temporal Web, for links in answers. */
  temporalUi?: { url: string; namespace: string } | undefined;
}

/** A channel as the door needs it. */
export interface OpenChannel {
  row: ChannelRow;
  policy: Policy;
}

/** What handlers work with. */
export interface Services extends AppDeps {
  intake: Intake;
  starter: Starter;
  doorbell: Doorbell;
  authenticator: Authenticator;
  channels: Cached<OpenChannel | undefined>;
  metrics: Metrics;
  changes: ChangeFeed;
  streams: OpenStreams;
}

/** The parts of accepting that routes pass on. */
export type { AcceptRequest, AcceptResult };
