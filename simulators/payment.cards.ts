/** Stripe's test cards: which of them pay, and what the others are declined for. */
import { stripeLetters } from './ids.ts';

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

/** Stripe's test tokens. */
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

/** A payment method that was made of a test card: 24 letters and the card, so that it is known without having been told. */
const MADE = /^pm_[A-Za-z]{24}_(card_[A-Za-z_]+)$/;

/** True for Stripe's own test tokens, of which each use makes a payment method. */
export function isTestToken(token: string): boolean {
  return Object.hasOwn(CARDS, token);
}

/** A new payment method of a test card, as the stand-in for Stripe.js makes them (script/stripe.js). */
export function newMethod(testToken: string): string {
  return `pm_${stripeLetters()}_${testToken.slice('pm_'.length)}`;
}

/** The card behind a test token or a payment method that was made of one; undefined for what does not exist. */
export function cardOf(token: string): Card | undefined {
  const [, made] = MADE.exec(token) ?? [];
  const known = made === undefined ? token : `pm_${made}`;
  return isTestToken(known) ? CARDS[known] : undefined;
}

/** The test tokens with a name for each, as people choose among them: "visa 4242", "visa 0002: generic_decline". */
export function testCards(): { token: string; name: string }[] {
  return Object.entries(CARDS).map(([token, { brand, last4, decline, asksHolder }]) => {
    const no = asksHolder ? 'asks its holder' : (decline?.declineCode ?? decline?.code);
    return { token, name: `${brand} ${last4}${no === undefined ? '' : `: ${no.replaceAll('_', ' ')}`}` };
  });
}
