/** Ids in the shapes of the services that are simulated. */
import { createHash, randomBytes } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** "pi_3QxY…": 24 letters and digits, as Stripe's ids. */
export function stripeId(prefix: string): string {
  return `${prefix}_${[...randomBytes(24)].map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;
}

/** 24 letters: an id in which no number can be seen. */
export function stripeLetters(): string {
  return [...randomBytes(24)].map((byte) => LETTERS[byte % 52]).join('');
}

/** "shp_7de4…": 32 hex digits, as EasyPost's ids. */
export function easyPostId(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString('hex')}`;
}

/** A stable id for the n-th entry about something, so that a restart sends the same event under the same id. */
export function eventId(prefix: string, subject: string, seq: number): string {
  return `${prefix}_${createHash('sha256').update(`${subject}/${seq}`).digest('hex').slice(0, 32)}`;
}

/** A tracking code of 22 digits, as USPS prints them. */
export function trackingCode(): string {
  return `94001${[...randomBytes(17)].map((byte) => byte % 10).join('')}`;
}
