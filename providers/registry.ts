/**
 * The one place that knows which adapters exist. To add a provider: write one file in its port's folder that makes
 * the port's interface from its settings, add its names to config.ts, and one line here; the contract test beside
 * the port (payment.contract.test.ts, …) runs over it by itself once it is listed there.
 */
import { createEasyPost } from './carrier/easypost.ts';
import type { CarrierProvider } from './carrier/port.ts';
import type { PaymentProvider } from './payment/port.ts';
import { createStripe } from './payment/stripe.ts';
import { createHttpWarehouse } from './warehouse/http.ts';
import type { WarehouseProvider } from './warehouse/port.ts';

/** The settings the adapters are made from; the names are those of config.ts. */
export interface ProviderSettings {
  STRIPE_API_KEY: string;
  STRIPE_BASE_URL?: string | undefined;
  STRIPE_WEBHOOK_SECRET: string;
  EASYPOST_API_KEY: string;
  EASYPOST_BASE_URL?: string | undefined;
  EASYPOST_WEBHOOK_SECRET: string;
  WAREHOUSE_BASE_URL?: string | undefined;
  WAREHOUSE_API_KEY: string;
  WAREHOUSE_WEBHOOK_SECRET: string;
  /** How long one outside call may take; 15 s when not given. */
  timeoutMillis?: number;
}

/** One adapter for each outside system. */
export interface Providers {
  payment: PaymentProvider;
  carrier: CarrierProvider;
  warehouse: WarehouseProvider;
}

/** The settings' names, for readConfig. */
export const PROVIDER_SETTINGS = [
  'STRIPE_API_KEY',
  'STRIPE_BASE_URL',
  'STRIPE_WEBHOOK_SECRET',
  'EASYPOST_API_KEY',
  'EASYPOST_BASE_URL',
  'EASYPOST_WEBHOOK_SECRET',
  'WAREHOUSE_BASE_URL',
  'WAREHOUSE_API_KEY',
  'WAREHOUSE_WEBHOOK_SECRET',
] as const satisfies readonly (keyof ProviderSettings)[];

/** Makes the adapters; makes no call. Refuses unusable URLs and a malformed warehouse secret by an error. */
export function createProviders(settings: ProviderSettings): Providers {
  const { timeoutMillis } = settings;
  return {
    payment: createStripe({
      apiKey: settings.STRIPE_API_KEY,
      baseUrl: settings.STRIPE_BASE_URL,
      webhookSecret: settings.STRIPE_WEBHOOK_SECRET,
      timeoutMillis,
    }),
    carrier: createEasyPost({
      apiKey: settings.EASYPOST_API_KEY,
      baseUrl: settings.EASYPOST_BASE_URL,
      webhookSecret: settings.EASYPOST_WEBHOOK_SECRET,
      timeoutMillis,
    }),
    warehouse: createHttpWarehouse({
      baseUrl: settings.WAREHOUSE_BASE_URL,
      apiKey: settings.WAREHOUSE_API_KEY,
      webhookSecret: settings.WAREHOUSE_WEBHOOK_SECRET,
      timeoutMillis,
    }),
  };
}
