import { describe, expect, it } from 'vitest';
import { readConfig } from '../../config.ts';
import { mainsEnvironment } from './environment.ts';
import { USUAL_PORTS } from './ports.ts';

const secrets = {
  postgresPassword: 'p'.repeat(24),
  masterKey: Buffer.alloc(32, 1).toString('base64'),
  stripeWebhookSecret: 'whsec_stripe',
  easypostWebhookSecret: 'easypost',
  warehouseWebhookSecret: 'whsec_warehouse',
  warehouseApiKey: 'warehouse-key',
  simulatorsKey: 'hf_live_1_2',
};

function environment(env: NodeJS.ProcessEnv) {
  return mainsEnvironment({
    env,
    ports: { ...USUAL_PORTS },
    secrets,
    databaseUrl: 'postgres://u:p@127.0.0.1:5440/holdfast',
    temporalAddress: '127.0.0.1:7233',
    temporalUiUrl: 'http://127.0.0.1:8233',
    dataDir: '/data',
    paceSeconds: 0,
  });
}

describe('the environment of the mains', () => {
  it('is one that config.ts accepts', () => {
    const config = readConfig(
      [
        ...(['DATABASE_URL', 'HOLDFAST_PORT', 'HOLDFAST_MASTER_KEY', 'STRIPE_BASE_URL'] as const),
        ...(['STRIPE_JS_URL', 'STRIPE_PUBLISHABLE_KEY', 'SIMULATORS_PACE_SECONDS'] as const),
      ],
      environment({}),
    );
    expect(config).toMatchObject({
      HOLDFAST_PORT: 3000,
      STRIPE_BASE_URL: 'http://127.0.0.1:4010',
      STRIPE_JS_URL: 'http://127.0.0.1:4010/v3/',
      STRIPE_PUBLISHABLE_KEY: 'pk_test_simulator',
      SIMULATORS_PACE_SECONDS: 0,
    });
  });

  it('never sends a real key to a simulator', () => {
    const env = environment({ STRIPE_API_KEY: 'sk_test_real' });
    expect(env['STRIPE_BASE_URL']).toBeUndefined();
    expect(env['STRIPE_WEBHOOK_SECRET']).toBeUndefined();
    // A customer's card must not be given to a script of the simulator either.
    expect(env['STRIPE_JS_URL']).toBeUndefined();
    expect(env['STRIPE_PUBLISHABLE_KEY']).toBeUndefined();
    expect(env['EASYPOST_BASE_URL']).toBe('http://127.0.0.1:4030');
  });
});
