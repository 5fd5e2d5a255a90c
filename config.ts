/**
 * The only reader of process.env: validated, frozen, and it reports everything that is wrong at once. Each process
 * asks for the part it needs; what a name means stands beside it and in docs/operate.md.
 */
import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const flag = z.enum(['on', 'off']);
/** A line of an environment file with nothing behind the name means the same as no line. */
const maybe = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const SCHEMA = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOLDFAST_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** PostgreSQL 18 or later. */
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL'),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(200).default(20),
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_TLS: flag.default('off'),
  TEMPORAL_API_KEY: z.string().optional(),
  /** Where operators reach Temporal Web; for links only. */
  TEMPORAL_UI_URL: z.url().default('http://127.0.0.1:8233'),
  HOLDFAST_HOST: z.string().default('127.0.0.1'),
  HOLDFAST_PORT: port(3000),
  /** Where people reach the console and payment links lead, behind whatever proxy; https makes the console's cookie Secure. */
  HOLDFAST_PUBLIC_URL: maybe(z.url({ protocol: /^https?$/ })),
  /** Folder of the built console; left out: dist/console. */
  HOLDFAST_CONSOLE_DIR: maybe(z.string()),
  HOLDFAST_METRICS_PORT: port(9464),
  HOLDFAST_WORKER_METRICS_PORT: port(9465),
  /** 32 bytes in base64: seals webhook secrets and kept raw bodies. */
  HOLDFAST_MASTER_KEY: z
    .base64()
    .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64'),
  /** off: accepted orders stay in the outbox; for measuring intake alone and for maintenance. */
  HOLDFAST_RELAY: flag.default('on'),
  HOLDFAST_RATE_LIMIT_PER_SECOND: z.coerce.number().int().min(0).default(0),
  /** How long one call to an outside system may take; the policy's callTimeoutSeconds must be longer. */
  HOLDFAST_CALL_TIMEOUT_MILLIS: z.coerce.number().int().min(100).max(60_000).default(15_000),
  /** Most calls a second to each outside system, shared by all workers; 0 = no limit. */
  HOLDFAST_CALLS_PER_SECOND: z.coerce.number().min(0).default(0),
  STRIPE_API_KEY: z.string().default('sk_test_simulator'),
  /** Another base URL than Stripe's own, e.g. the payment simulator. */
  STRIPE_BASE_URL: z.url().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().default(''),
  /** Stripe's publishable key, for the page behind payment links; left out: no card can be given there. */
  STRIPE_PUBLISHABLE_KEY: maybe(
    z.string().regex(/^pk_\w{1,250}$/, 'must be a publishable key (pk_…), never the secret one'),
  ),
  /** The script that takes cards on that page: Stripe's own, or the payment simulator's. */
  STRIPE_JS_URL: maybe(z.url({ protocol: /^https?$/ })).transform(
    (url) => url ?? 'https://js.stripe.com/v3/',
  ),
  EASYPOST_API_KEY: z.string().default('EZTK_simulator'),
  EASYPOST_BASE_URL: z.url().optional(),
  EASYPOST_WEBHOOK_SECRET: z.string().default(''),
  WAREHOUSE_BASE_URL: z.url().optional(),
  WAREHOUSE_API_KEY: z.string().default(''),
  /** Standard Webhooks secret (whsec_…) that warehouse callbacks are signed with. */
  WAREHOUSE_WEBHOOK_SECRET: z.string().default(''),
  SIMULATORS_HOST: z.string().default('127.0.0.1'),
  SIMULATOR_PAYMENT_PORT: port(4010),
  SIMULATOR_WAREHOUSE_PORT: port(4020),
  SIMULATOR_CARRIER_PORT: port(4030),
  /** Folder of the simulators' ledgers. */
  SIMULATORS_DATA: z.string().default('.holdfast/simulators'),
  /** Where the simulators call back and the warehouse simulator asks for labels. */
  SIMULATORS_HOLDFAST_URL: z.url().default('http://127.0.0.1:3000'),
  /** API key with role warehouse, for the warehouse simulator's dispatch feed. */
  SIMULATORS_WAREHOUSE_KEY: z.string().default(''),
  /** Seconds between two steps of a simulated parcel and of simulated picking; 0 = at once. */
  SIMULATORS_PACE_SECONDS: z.coerce.number().min(0).default(10),
  /** Where the command line finds the API; left out: the local stack. */
  HOLDFAST_URL: z.url().optional(),
  /** The command line's key. */
  HOLDFAST_API_KEY: z.string().optional(),
});

/** Every setting by name, checked and frozen. */
export type Config = Readonly<z.infer<typeof SCHEMA>>;

/** Every environment name that config.ts knows; docker-compose.yml is checked against it. */
export const CONFIG_NAMES: readonly string[] = Object.keys(SCHEMA.shape);

/** Part of the configuration was missing or wrong; the message lists all of it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads and checks the named settings. Throws ConfigError naming every wrong one; in production it also refuses
 * simulator keys and empty webhook secrets among those asked for.
 */
export function readConfig<K extends keyof Config>(
  names: readonly K[],
  env: NodeJS.ProcessEnv = process.env,
): Pick<Config, K> {
  const asked: { [P in keyof Config]?: true } = Object.fromEntries(names.map((name) => [name, true]));
  const shape = SCHEMA.pick(asked);
  const result = shape.safeParse(env);
  const problems = result.success
    ? []
    : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (env['NODE_ENV'] === 'production' && result.success) problems.push(...productionProblems(result.data));
  if (problems.length > 0)
    throw new ConfigError(`the configuration is not usable:\n  ${problems.join('\n  ')}`);
  return Object.freeze(result.data) as Pick<Config, K>;
}

function productionProblems(values: Partial<Record<keyof Config, unknown>>): string[] {
  return Object.entries(values)
    .filter(
      ([name, value]) =>
        (name.endsWith('_WEBHOOK_SECRET') && value === '') ||
        (typeof value === 'string' && value.endsWith('_simulator')),
    )
    .map(([name]) => `${name}: must be set to a real value in production`);
}
