/**
 * The secrets of one data folder, made at its first start and kept in secrets.json, which only its owner may read.
 * Keys of people are not here: those are printed once and kept as hashes only.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const SECRETS = z.object({
  postgresPassword: z.string().min(16),
  /** 32 bytes in base64. */
  masterKey: z.string().min(44),
  stripeWebhookSecret: z.string().min(16),
  easypostWebhookSecret: z.string().min(16),
  /** Standard Webhooks form: whsec_ and base64. */
  warehouseWebhookSecret: z.string().startsWith('whsec_'),
  warehouseApiKey: z.string().min(16),
  /** Holdfast key with role warehouse: the simulators need it in clear at every start. */
  simulatorsKey: z.string().default(''),
});

export type Secrets = z.infer<typeof SECRETS>;

/** Reads the secrets of a data folder, or makes them. Throws when the file is there but not usable. */
export function ensureSecrets(dataDir: string): Secrets {
  const file = secretsFile(dataDir);
  if (existsSync(file)) return SECRETS.parse(JSON.parse(readFileSync(file, 'utf8')));
  const random = (bytes: number) => randomBytes(bytes).toString('base64url');
  const secrets: Secrets = {
    postgresPassword: random(24),
    masterKey: randomBytes(32).toString('base64'),
    stripeWebhookSecret: `whsec_${random(24)}`,
    easypostWebhookSecret: random(24),
    warehouseWebhookSecret: `whsec_${randomBytes(24).toString('base64')}`,
    warehouseApiKey: random(24),
    simulatorsKey: '',
  };
  saveSecrets(dataDir, secrets);
  return secrets;
}

/** Writes the secrets whole or not at all, readable by the owner alone. */
export function saveSecrets(dataDir: string, secrets: Secrets): void {
  const file = secretsFile(dataDir);
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}

function secretsFile(dataDir: string): string {
  return join(dataDir, 'secrets.json');
}
