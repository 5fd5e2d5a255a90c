/**
 * The page behind a payment link, as HTML: written on the server, and brought up to date by pay.js. Nothing in it comes from
 * persons but the shop's name. Styles and the script come from files of their own, so that its policy can forbid all others.
 */
import { formatMoney } from '../../domain/money.ts';
import type { PayPageSettings } from '../deps.ts';
import type { PayStateShown } from '../schemas/paymentLinks.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => ESCAPES[one] ?? one);
}

function frame(title: string, inside: string, scripts = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="/pay-assets/pay.css">
${scripts}</head>
<body>
<main>
${inside}
</main>
</body>
</html>
`;
}

const hiddenUnless = (shown: boolean) => (shown ? '' : ' hidden');

/** The page of an order. Cards can be given where `settings` has a publishable key. */
export function payPage(shown: PayStateShown, settings: PayPageSettings | undefined): string {
  const due = shown.due ? formatMoney(shown.due.amount, shown.due.currency) : '';
  const key = settings?.publishableKey;
  const gateway =
    key === undefined
      ? ''
      : ` data-key="${escaped(key)}" data-gateway="${escaped(settings?.scriptUrl ?? '')}"`;
  return frame(
    `Order ${shown.orderNumber}, ${shown.shop}`,
    `<header>
<p id="shop">${escaped(shown.shop)}</p>
<h1>Order ${shown.orderNumber}</h1>
<p id="due"${hiddenUnless(shown.due !== null)}>Amount due <strong id="amount">${escaped(due)}</strong></p>
</header>
<section id="state" data-state="${shown.state}" aria-labelledby="headline">
<div role="status" aria-live="polite">
<h2 id="headline" tabindex="-1">${escaped(shown.headline)}</h2>
<p id="text">${escaped(shown.text)}</p>
</div>
<p id="spinner"${hiddenUnless(shown.state === 'working')}><span></span></p>
</section>
<noscript><p class="problem">Paying needs JavaScript in the browser. Please switch it on, or ask the shop for another way.</p></noscript>
<div id="ways"${gateway}${hiddenUnless(shown.methods.length > 0)}>
${key === undefined ? NO_CARDS : CARD_FORM}
${GIFT_FORM}
<p id="again" hidden><button type="button" class="plain">Try again</button></p>
</div>`,
    '<script type="module" src="/pay-assets/pay.js"></script>\n',
  );
}

const NO_CARDS =
  '<p id="no-cards">No card can be given on this page. You can pay with a gift card, or ask the shop.</p>';

const CARD_FORM = `<form id="card" novalidate>
<h3>Pay by card</h3>
<div id="card-field"></div>
<p class="problem" id="card-problem" role="alert"></p>
<button type="submit">Pay by card</button>
<p class="aside">What you enter goes to the payment provider; the shop never sees it.</p>
</form>`;

const GIFT_FORM = `<form id="gift" novalidate>
<h3>Pay with a gift card</h3>
<label for="code">Code of the gift card</label>
<input id="code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="100" aria-describedby="gift-problem">
<p class="problem" id="gift-problem" role="alert"></p>
<button type="submit">Pay with the gift card</button>
</form>`;

/** The page of a link that leads nowhere now. */
export function noPayPage(headline: string, text: string): string {
  return frame(
    headline,
    `<header><h1>${escaped(headline)}</h1></header>\n<section><p>${escaped(text)}</p></section>`,
  );
}
