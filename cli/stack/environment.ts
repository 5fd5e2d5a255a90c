/**
 * The environment that api, worker and simulators are started with: what the launcher found and made, by the names of
 * config.ts. Settings of an outside system that the user gave win, and then no simulator stands in for that system.
 */
import { join } from 'node:path';
import type { Ports } from './ports.ts';
import type { Secrets } from './secrets.ts';

/** All that goes into the environment of the mains. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  ports: Ports;
  secrets: Secrets;
  databaseUrl: string;
  temporalAddress: string;
  temporalUiUrl: string;
  dataDir: string;
  /** Seconds between two steps of a simulated parcel; undefined = the simulators' own default. */
  paceSeconds: number | undefined;
}

/** The environment of the three mains. */
export function mainsEnvironment(around: Surroundings): NodeJS.ProcessEnv {
  const { env, ports, secrets } = around;
  const own: Record<string, string> = {
    DATABASE_URL: around.databaseUrl,
    TEMPORAL_ADDRESS: around.temporalAddress,
    TEMPORAL_UI_URL: around.temporalUiUrl,
    HOLDFAST_HOST: '127.0.0.1',
    HOLDFAST_PORT: String(ports.api),
    HOLDFAST_METRICS_PORT: String(ports.metrics),
    HOLDFAST_WORKER_METRICS_PORT: String(ports.workerMetrics),
    SIMULATORS_HOST: '127.0.0.1',
    SIMULATOR_PAYMENT_PORT: String(ports.payment),
    SIMULATOR_WAREHOUSE_PORT: String(ports.warehouse),
    SIMULATOR_CARRIER_PORT: String(ports.carrier),
    SIMULATORS_DATA: join(around.dataDir, 'simulators'),
    SIMULATORS_HOLDFAST_URL: `http://127.0.0.1:${ports.api}`,
    SIMULATORS_WAREHOUSE_KEY: secrets.simulatorsKey,
    ...(around.paceSeconds === undefined ? {} : { SIMULATORS_PACE_SECONDS: String(around.paceSeconds) }),
  };
  return {
    ...env,
    ...own,
    ...(env['HOLDFAST_MASTER_KEY'] ? {} : { HOLDFAST_MASTER_KEY: secrets.masterKey }),
    ...standIn(env, 'STRIPE_API_KEY', {
      STRIPE_BASE_URL: `http://127.0.0.1:${ports.payment}`,
      STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
      STRIPE_PUBLISHABLE_KEY: 'pk_test_simulator',
      STRIPE_JS_URL: `http://127.0.0.1:${ports.payment}/v3/`,
    }),
    ...standIn(env, 'EASYPOST_API_KEY', {
      EASYPOST_BASE_URL: `http://127.0.0.1:${ports.carrier}`,
      EASYPOST_WEBHOOK_SECRET: secrets.easypostWebhookSecret,
    }),
    ...standIn(env, 'WAREHOUSE_BASE_URL', {
      WAREHOUSE_BASE_URL: `http://127.0.0.1:${ports.warehouse}`,
      WAREHOUSE_API_KEY: secrets.warehouseApiKey,
      WAREHOUSE_WEBHOOK_SECRET: secrets.warehouseWebhookSecret,
    }),
  };
}

// The name tells that the user speaks to the real system; a half-and-half setting would send real keys to a simulator.
function standIn(env: NodeJS.ProcessEnv, name: string, simulator: Record<string, string>) {
  return env[name] ? {} : simulator;
}
