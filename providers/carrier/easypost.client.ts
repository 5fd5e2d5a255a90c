/**
 * The EasyPost SDK, set up the way Holdfast needs it: its `timeout` option is stored but never used by the SDK
 * (8.9.0), so a request hook sets the deadline. A client lives for one task of several calls, whose time is what the
 * task may take in all; answers are bounded and parsed, because its types claim more than
 * the service sends (tracking_code is null until a label is bought).
 */
import easypost from '@easypost/api';
import { z } from 'zod';
import { TIMEOUT_MILLIS, retryAfterMillis } from '../transport.ts';

/** How to reach EasyPost. */
export interface EasyPostSettings {
  apiKey: string;
  /** Another base URL than EasyPost's own, with or without its /v2 path (the simulator). */
  baseUrl?: string | undefined;
  /** Secret of the webhook; empty refuses every webhook. */
  webhookSecret: string;
  /** How long all calls of one client may take together. */
  timeoutMillis?: number | undefined;
}

const ANSWER_MAX_BYTES = 2_000_000;

const RATE = z.object({ id: z.string(), carrier: z.string(), service: z.string(), rate: z.string() });
/** A carrier's offer for a shipment; `rate` is decimal text. */
export type Rate = z.infer<typeof RATE>;

const SHIPMENT = z.object({
  id: z.string().min(1),
  reference: z.string().nullish(),
  tracking_code: z.string().nullish(),
  refund_status: z.string().nullish(),
  postage_label: z.object({ label_url: z.string().nullish() }).nullish(),
  selected_rate: RATE.nullish(),
  rates: z.array(RATE).catch([]),
  messages: z.array(z.object({ message: z.string().catch('') })).catch([]),
});
/** The part of a shipment that Holdfast reads. */
export type Shipment = z.infer<typeof SHIPMENT>;

/** The SDK's class, as its types name it. */
type Sdk = typeof easypost.default;

/**
 * Imported as a module the package's default is the class itself, while its types describe the CommonJS shape
 * (`{ default }`), so what was loaded is looked at.
 */
function isSdk(loaded: unknown): loaded is Sdk {
  return typeof loaded === 'function';
}

/** A raw client for one task, and what its last answer asked us to wait. */
export interface Client {
  sdk: InstanceType<Sdk>;
  retryAfter(): number | undefined;
}

/** The time of the task was over before this call was begun; earlier calls may have done something. */
class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
  constructor(millis: number) {
    super(`no time is left of ${millis} ms`);
  }
}

interface Middleware {
  timeout(limits: { response: number; deadline: number }): Middleware;
  redirects(count: number): Middleware;
  maxResponseSize(bytes: number): Middleware;
}

/** Makes the SDK client; makes no call. Its time runs from now: a call that is begun after it throws DeadlinePassed. */
export function createClient(settings: EasyPostSettings): Client {
  const millis = settings.timeoutMillis ?? TIMEOUT_MILLIS;
  const end = performance.now() + millis;
  const loaded: unknown = easypost;
  if (!isSdk(loaded)) throw new TypeError('@easypost/api did not load as a class');
  const sdk = new loaded(settings.apiKey, {
    timeout: millis,
    ...(settings.baseUrl === undefined ? {} : { baseUrl: versioned(settings.baseUrl) }),
    requestMiddleware(request: Middleware) {
      const left = Math.floor(end - performance.now());
      // A timeout of 0 would be none.
      if (left < 1) throw new DeadlinePassed(millis);
      return request
        .timeout({ response: left, deadline: left })
        .redirects(0)
        .maxResponseSize(ANSWER_MAX_BYTES);
    },
  });
  let retryAfter: number | undefined;
  sdk.addResponseHook((answer: unknown) => {
    retryAfter = waitOf(answer);
  });
  return { sdk, retryAfter: () => retryAfter };
}

function versioned(baseUrl: string): string {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  return new URL(base).pathname === '/' ? `${base}v2/` : base;
}

const HOOK = z.object({ headers: z.object({ 'retry-after': z.string().optional() }) });

function waitOf(answer: unknown): number | undefined {
  const parsed = HOOK.safeParse(answer);
  return parsed.success ? retryAfterMillis(parsed.data.headers['retry-after'], Date.now()) : undefined;
}

/** Parses a shipment; throws ZodError when the answer is not one (it counts as no answer). */
export function toShipment(answer: unknown): Shipment {
  return SHIPMENT.parse(answer);
}
