/** Stripe's test cards: which of them pay, and what the others are declined for. */

interface Card {
  brand: string;
  last4: string;
  /** The decline this card stands for; null = it pays. */
  decline: { code: string; declineCode: string | null } | null;
  asksHolder?: boolean;
}

const pays = (brand: string, last4: string): Card => ({ brand, last4, decline: null });
const declines = (last4: string, code: string, declineCode: string | null): Card => ({
  brand: 'visa',
  last4,
  decline: { code, declineCode },
});

/** Stripe's test tokens; any other token is one that does not exist. */
const CARDS: Readonly<Record<string, Card>> = {
  pm_card_visa: pays('visa', '4242'),
  pm_card_visa_debit: pays('visa', '5556'),
  pm_card_mastercard: pays('mastercard', '4444'),
  pm_card_mastercard_debit: pays('mastercard', '8210'),
  pm_card_amex: pays('amex', '0005'),
  pm_card_discover: pays('discover', '1117'),
  pm_card_diners: pays('diners', '0004'),
  pm_card_jcb: pays('jcb', '0505'),
  pm_card_unionpay: pays('unionpay', '0005'),
  pm_card_chargeDeclined: declines('0002', 'card_declined', 'generic_decline'),
  pm_card_visa_chargeDeclined: declines('0002', 'card_declined', 'generic_decline'),
  pm_card_chargeDeclinedInsufficientFunds: declines('9995', 'card_declined', 'insufficient_funds'),
  pm_card_visa_chargeDeclinedInsufficientFunds: declines('9995', 'card_declined', 'insufficient_funds'),
  pm_card_visa_chargeDeclinedLostCard: declines('9987', 'card_declined', 'lost_card'),
  pm_card_visa_chargeDeclinedStolenCard: declines('9979', 'card_declined', 'stolen_card'),
  pm_card_chargeDeclinedExpiredCard: declines('0069', 'expired_card', null),
  pm_card_chargeDeclinedIncorrectCvc: declines('0127', 'incorrect_cvc', null),
  pm_card_chargeDeclinedProcessingError: declines('0119', 'processing_error', null),
  pm_card_authenticationRequired: { brand: 'visa', last4: '3155', decline: null, asksHolder: true },
};

/** The card behind a test token; undefined for a token that does not exist. */
export function cardOf(token: string): Card | undefined {
  return Object.hasOwn(CARDS, token) ? CARDS[token] : undefined;
}
