/** The process of the three simulators: reads the configuration, starts them, stops them in order on a signal. */
import { readConfig } from '../config.ts';
import { SIMULATOR_KEYS, startSimulators } from './start.ts';

const config = readConfig([
  'SIMULATORS_HOST',
  'SIMULATOR_PAYMENT_PORT',
  'SIMULATOR_WAREHOUSE_PORT',
  'SIMULATOR_CARRIER_PORT',
  'SIMULATORS_DATA',
  'SIMULATORS_HOLDFAST_URL',
  'SIMULATORS_WAREHOUSE_KEY',
  'SIMULATORS_PACE_SECONDS',
  'STRIPE_API_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'EASYPOST_API_KEY',
  'EASYPOST_WEBHOOK_SECRET',
  'WAREHOUSE_API_KEY',
  'WAREHOUSE_WEBHOOK_SECRET',
]);

const simulators = await startSimulators({
  data: config.SIMULATORS_DATA,
  host: config.SIMULATORS_HOST,
  ports: {
    payment: config.SIMULATOR_PAYMENT_PORT,
    warehouse: config.SIMULATOR_WAREHOUSE_PORT,
    carrier: config.SIMULATOR_CARRIER_PORT,
  },
  holdfastUrl: config.SIMULATORS_HOLDFAST_URL,
  warehouseKey: config.SIMULATORS_WAREHOUSE_KEY || undefined,
  paceSeconds: config.SIMULATORS_PACE_SECONDS,
  keys: {
    stripeApiKey: config.STRIPE_API_KEY,
    stripeWebhookSecret: config.STRIPE_WEBHOOK_SECRET || SIMULATOR_KEYS.stripeWebhookSecret,
    easypostApiKey: config.EASYPOST_API_KEY,
    easypostWebhookSecret: config.EASYPOST_WEBHOOK_SECRET || SIMULATOR_KEYS.easypostWebhookSecret,
    warehouseApiKey: config.WAREHOUSE_API_KEY || SIMULATOR_KEYS.warehouseApiKey,
    warehouseWebhookSecret: config.WAREHOUSE_WEBHOOK_SECRET || SIMULATOR_KEYS.warehouseWebhookSecret,
  },
});

const { payment, warehouse, carrier } = simulators;
process.stdout.write(
  `${JSON.stringify({ simulators: 'ready', payment: payment.url, warehouse: warehouse.url, carrier: carrier.url })}\n`,
);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    void simulators.close().then(() => process.exit(0));
  });
