/** Sums over the receipts of a file. Pure. */

/** What receipts come to, one sum a currency, in the order in which currencies first come up. */
export function sumsOf(
  receipts: readonly { amount: number; currency: string }[],
): { amount: number; currency: string }[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of receipts) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}
