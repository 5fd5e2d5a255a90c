/** Masks personal data for callers without pii:read: enough is left to recognize an order, not a person. */

/** `Jane Doe` → `J***`. */
export function maskText(text: string | null): string | null {
  return text === null || text === '' ? text : `${[...text][0] ?? ''}***`;
}

/** `jane@example.com` → `j***@e***`. */
export function maskEmail(email: string | null): string | null {
  if (email === null) return null;
  const [local = '', domain = ''] = email.split('@', 2);
  return `${maskText(local) ?? ''}@${maskText(domain) ?? ''}`;
}

/** Only the last two digits of a phone number are left. */
export function maskPhone(phone: string | null): string | null {
  return phone === null ? null : `***${phone.slice(-2)}`;
}
