/** Channels, their policies and API keys. */
import { z } from 'zod';
import { ROLES, SCOPES } from '../../domain/access.ts';
import { isCurrency } from '../../domain/money.ts';
import { CAPTURE_MOMENTS, type Policy } from '../../domain/policy.ts';
import { at, currency, instant, maybeAt, slug, text } from './fields.ts';

const DAY_SECONDS = 86_400;
const seconds = (max: number) => z.number().min(0).max(max).optional();
const days = z.int().min(0).max(365);
const wholeUnits = z.int().min(0).max(1_000_000_000);
const refundLimit = z.union([
  wholeUnits,
  z.object({ default: wholeUnits }).catchall(wholeUnits).refine(namesCurrencies, 'names no currency'),
]);

/** A part of a policy: what is left out is the default. Durations in seconds unless the name says else. */
export const PolicyPartBody = z
  .strictObject({
    linesMax: z.int().min(1).max(5000).optional(),
    currencies: z.array(currency).max(200).optional().meta({ description: 'Empty: every currency.' }),
    releaseDelaySeconds: seconds(30 * DAY_SECONDS),
    stockWaitSeconds: seconds(365 * DAY_SECONDS),
    paymentWaitSeconds: seconds(365 * DAY_SECONDS),
    transferWaitSeconds: seconds(365 * DAY_SECONDS),
    invoiceTermsDays: days.optional(),
    cashTermsDays: days.optional(),
    paymentLinkSeconds: seconds(90 * DAY_SECONDS),
    packTimeoutSeconds: seconds(365 * DAY_SECONDS),
    parcelSilenceSeconds: seconds(365 * DAY_SECONDS),
    caseReminderSeconds: seconds(365 * DAY_SECONDS),
    retryPauseSeconds: seconds(DAY_SECONDS),
    retryPauseMaxSeconds: seconds(DAY_SECONDS),
    callTimeoutSeconds: seconds(300),
    stepTimeoutSeconds: seconds(20 * 3600),
    callRetryMillis: z.number().min(1).max(30_000).optional(),
    captureAt: z
      .enum(CAPTURE_MOMENTS)
      .optional()
      .meta({ description: 'When an authorized card is charged.' }),
    authorizationMarginSeconds: seconds(7 * DAY_SECONDS),
    reauthorizeLeadSeconds: seconds(30 * DAY_SECONDS),
    softDeclineRetries: z.int().min(0).max(10).optional(),
    softDeclinePauseSeconds: seconds(7 * DAY_SECONDS),
    refundApprovalSeconds: seconds(365 * DAY_SECONDS),
    refundLookupSeconds: seconds(30 * DAY_SECONDS),
    refundLimits: z
      .strictObject({ channel: refundLimit, support: refundLimit, ops: refundLimit })
      .optional()
      .meta({
        description:
          'Largest refund of each role without a second person, in whole units of the currency: one number, or `default` and numbers by currency.',
      }),
  })
  .meta({ id: 'PolicyPart' });

/** Every policy field can be set and no other: this line fails to compile when they differ. */
const _isPolicy: Record<keyof Policy, unknown> = PolicyPartBody.shape;

/** A channel to make. */
export const ChannelInputBody = z
  .strictObject({
    id: slug,
    name: text(200),
    kind: z.enum(['api', 'shopify']).optional(),
    timeZone: z
      .string()
      .max(60)
      .refine(isTimeZone, 'must be an IANA time zone')
      .optional()
      .meta({ example: 'Europe/Berlin' }),
    policy: PolicyPartBody.optional(),
    webhookSecret: z
      .string()
      .min(8)
      .max(500)
      .optional()
      .meta({ description: 'What the shop signs its webhooks with; stored sealed, never shown.' }),
  })
  .meta({ id: 'ChannelInput' });

/** True when every name but `default` is a currency. */
function namesCurrencies(limit: Record<string, unknown>): boolean {
  return Object.keys(limit).every((name) => name === 'default' || isCurrency(name));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A channel as shown. */
export const ChannelBody = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['api', 'shopify']),
    timeZone: z.string(),
    isDemo: z.boolean(),
    policyVersion: z.int(),
    policy: z.record(z.string(), z.unknown()).meta({ description: 'With defaults filled in.' }),
    hasWebhookSecret: z.boolean(),
    createdAt: at,
  })
  .meta({ id: 'Channel' });

/** An API key to make. */
export const ApiKeyInputBody = z
  .strictObject({
    name: text(100),
    role: z.enum(ROLES),
    channel: slug.optional().meta({ description: 'Needed for role channel, refused for others.' }),
    expiresAt: instant.optional(),
  })
  .refine((key) => (key.role === 'channel') === (key.channel !== undefined), {
    path: ['channel'],
    error: 'must be given exactly when role is channel',
  })
  .meta({ id: 'ApiKeyInput' });

const apiKey = {
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  channel: z.string().nullable(),
  scopes: z.array(z.enum(SCOPES)),
  createdBy: z.string(),
  createdAt: at,
  expiresAt: maybeAt,
  revokedAt: maybeAt,
  lastUsedAt: maybeAt,
};

/** An API key as shown: never its secret. */
export const ApiKeyBody = z.strictObject(apiKey).meta({ id: 'ApiKey' });

/** A key just made: `key` is shown this once. */
export const ApiKeyCreatedBody = z
  .strictObject({ ...apiKey, key: z.string().meta({ description: 'The key itself, shown this once.' }) })
  .meta({ id: 'ApiKeyCreated' });

/** Types for clients. */
export type Channel = z.output<typeof ChannelBody>;
export type ApiKeyCreated = z.output<typeof ApiKeyCreatedBody>;
