/**
 * Starts the three simulators in one process. Tests use it directly, `simulators/main.ts` from the configuration.
 */
import { startCarrier } from './carrier.ts';
import { startPayment } from './payment.ts';
import { startWarehouse } from './warehouse.ts';

/** How to start the simulators. */
export interface SimulatorsOptions {
  /** Folder of the ledgers; what is in it is continued. */
  data: string;
  /** 127.0.0.1 when not given. */
  host?: string;
  /** 0 or not given = any free port. */
  ports?: { payment?: number; warehouse?: number; carrier?: number };
  /** Where callbacks go and dispatches are asked for; may be told later by `connect`. */
  holdfastUrl?: string | undefined;
  /** Holdfast's API key with role warehouse; may be told later by `connect`. */
  warehouseKey?: string | undefined;
  /** Seconds between two steps; 0 (at once) when not given. */
  paceSeconds?: number;
  /** Keys and secrets; those not given are SIMULATOR_KEYS. */
  keys?: Partial<SimulatorKeys>;
}

/** What Holdfast has to be configured with to talk to the simulators. */
export interface SimulatorKeys {
  stripeApiKey: string;
  stripeWebhookSecret: string;
  easypostApiKey: string;
  easypostWebhookSecret: string;
  warehouseApiKey: string;
  warehouseWebhookSecret: string;
}

/** Keys for tests and demos; the simulators listen on this machine only. */
export const SIMULATOR_KEYS: SimulatorKeys = {
  stripeApiKey: 'sk_test_simulator',
  stripeWebhookSecret: 'whsec_stripe_simulator',
  easypostApiKey: 'EZTK_simulator',
  easypostWebhookSecret: 'easypost_simulator',
  warehouseApiKey: 'warehouse_simulator',
  warehouseWebhookSecret: 'whsec_c2ltdWxhdG9yLXdhcmVob3VzZS1zZWNyZXQ=',
};

/** The three started simulators. */
export interface Simulators {
  payment: { url: string };
  warehouse: { url: string };
  carrier: { url: string };
  /** The keys in use. */
  keys: SimulatorKeys;
  /** Tells all three where Holdfast is; callbacks that waited are sent. */
  connect(holdfast: { url: string; warehouseKey?: string }): void;
  close(): Promise<void>;
}

/** Starts all three; rejects when a port is taken or a ledger can't be read (those already started are closed). */
export async function startSimulators(options: SimulatorsOptions): Promise<Simulators> {
  const keys = { ...SIMULATOR_KEYS, ...options.keys };
  const shared = {
    host: options.host ?? '127.0.0.1',
    data: options.data,
    holdfastUrl: options.holdfastUrl,
    paceSeconds: options.paceSeconds ?? 0,
  };
  const started: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const one of started.splice(0).toReversed()) await one.close();
  };
  try {
    const payment = await startPayment({
      ...shared,
      port: options.ports?.payment ?? 0,
      apiKey: keys.stripeApiKey,
      secret: keys.stripeWebhookSecret,
    });
    started.push(payment);
    const carrier = await startCarrier({
      ...shared,
      port: options.ports?.carrier ?? 0,
      apiKey: keys.easypostApiKey,
      secret: keys.easypostWebhookSecret,
    });
    started.push(carrier);
    const warehouse = await startWarehouse({
      ...shared,
      port: options.ports?.warehouse ?? 0,
      apiKey: keys.warehouseApiKey,
      secret: keys.warehouseWebhookSecret,
      warehouseKey: options.warehouseKey,
      carrierUrl: carrier.url,
    });
    started.push(warehouse);
    return {
      payment: { url: payment.url },
      warehouse: { url: warehouse.url },
      carrier: { url: carrier.url },
      keys,
      connect({ url, warehouseKey }) {
        payment.connect(url);
        carrier.connect(url);
        warehouse.connect(url, warehouseKey);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
