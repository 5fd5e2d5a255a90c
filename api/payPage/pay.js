/**
 * The script of the page behind a payment link, for browsers. It takes a card's token from the gateway's own script, or the
 * code of a gift card, sends it, and asks how the order stands until the outcome is known. No card number passes through it.
 */

/**
 * @typedef {{ state: string, due: { amount: number, currency: string } | null, headline: string, text: string, methods: string[] }} PayState
 * @typedef {{ ok: boolean, status: number, body: unknown }} Answered
 * @typedef {{ mount(place: string): void, clear(): void, on(name: 'change', tell: (event: { error?: { message: string } | undefined }) => void): void }} CardField
 * @typedef {{ paymentMethod?: { id: string }, error?: { message?: string } }} Made
 * @typedef {{ elements(): { create(type: 'card', options: object): CardField }, createPaymentMethod(of: { type: 'card', card: CardField }): Promise<Made> }} Gateway
 * @typedef {{ gateway: Gateway, card: CardField }} Cards
 */

const LOOK_MILLIS = 1_500;
const LOOK_MILLIS_MAX = 10_000;
const SEND_MILLIS = 20_000;
const LOST = 'The connection was lost. Please try again; nothing is charged twice.';
const NOT_LOADED = 'The card field could not be loaded.';

/**
 * What the customer corrects and sends again; after every other no the order may stand differently.
 * @type {Readonly<Record<string, string>>}
 */
const TO_CORRECT = {
  credit_unknown: 'There is no gift card with this code. Please check it.',
  credit_unusable:
    'This gift card can not be used: it is switched off, has expired or is in another currency.',
  card_number: 'Please never enter a card number here. This field is for the code of a gift card.',
  invalid: 'This does not look like the code of a gift card. Please check it.',
  rate_limited: 'There were too many tries. Please wait ten minutes and try again.',
};

/**
 * The element of the page with this id; the server has written it.
 * @param {string} id
 */
function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}

const ways = byId('ways');
const base = location.pathname.replace(/\/+$/, '');
let isSending = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let looking;
let waitMillis = LOOK_MILLIS;

/**
 * Shows how the order stands; asks again while the outcome is not known.
 * @param {PayState} next
 */
function show(next) {
  const before = byId('state').dataset['state'];
  byId('state').dataset['state'] = next.state;
  setText('headline', next.headline);
  setText('text', next.text);
  byId('spinner').hidden = next.state !== 'working';
  byId('due').hidden = next.due === null;
  if (next.due) setText('amount', amountText(next.due));
  ways.hidden = next.methods.length === 0;
  if (!ways.hidden) void startCards();
  clearTimeout(looking);
  if (next.state === 'working') lookLater();
  else waitMillis = LOOK_MILLIS;
  // What was focused may be gone.
  if (before !== next.state) byId('headline').focus();
}

/**
 * Only a change is announced.
 * @param {string} id
 * @param {string} text
 */
function setText(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

/**
 * "59.90 EUR", as the server writes it.
 * @param {{ amount: number, currency: string }} money
 */
function amountText({ amount, currency }) {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`;
}

function lookLater() {
  clearTimeout(looking);
  looking = setTimeout(() => void look(), waitMillis);
  waitMillis = Math.min(waitMillis * 1.3, LOOK_MILLIS_MAX);
}

/** Asks how the order stands; a link that has ended meanwhile is told by the page itself. */
async function look() {
  const answer = await ask(`${base}/state`).catch(() => undefined);
  if (answer && isState(answer.body)) show(answer.body);
  else if (answer?.status === 410 || answer?.status === 404) location.reload();
  else lookLater();
}

/**
 * @param {unknown} body
 * @returns {body is PayState}
 */
function isState(body) {
  return typeof body === 'object' && body !== null && 'methods' in body;
}

/**
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<Answered>}
 */
async function ask(path, options = {}) {
  const response = await fetch(path, {
    ...options,
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(SEND_MILLIS),
  });
  /** @type {unknown} */
  const body = await response.json().catch(() => undefined);
  return { ok: response.ok, status: response.status, body };
}

/** One key for one try: a try that is sent again, because its answer was lost, is the same payment. */
let lastTry = { text: '', key: '' };

/** @param {string} text */
function keyFor(text) {
  if (lastTry.text !== text) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    lastTry = { text, key: Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('') };
  }
  return lastTry.key;
}

/**
 * Sends a way to pay; gives what the customer is to correct, '' when there is nothing.
 * @param {object} payment
 */
async function send(payment) {
  const text = JSON.stringify(payment);
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': keyFor(text) };
  const answer = await ask(`${base}/payments`, { method: 'POST', headers, body: text }).catch(
    () => undefined,
  );
  if (!answer || answer.status >= 500) return LOST;
  lastTry = { text: '', key: '' };
  if (answer.ok && isState(answer.body)) {
    show(answer.body);
    return '';
  }
  const wrong = TO_CORRECT[codeOf(answer.body)];
  if (wrong === undefined) await look();
  return wrong ?? '';
}

/** @param {unknown} body */
function codeOf(body) {
  const isProblem = typeof body === 'object' && body !== null && 'code' in body;
  return isProblem && typeof body.code === 'string' ? body.code : '';
}

/**
 * Makes a form send once at a time, and says what is wrong beside its field.
 * @param {string} id
 * @param {() => Promise<string>} pay
 */
function onSubmit(id, pay) {
  const form = byId(id);
  const button = form.querySelector('button');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (isSending || !button) return;
    isSending = true;
    setText(`${id}-problem`, '');
    const words = button.textContent;
    button.textContent = 'One moment…';
    button.setAttribute('aria-disabled', 'true');
    void pay()
      .catch(() => LOST)
      .then((wrong) => {
        setText(`${id}-problem`, wrong);
        button.textContent = words;
        button.removeAttribute('aria-disabled');
        isSending = false;
      });
  });
}

/** @type {Promise<Cards> | undefined} */
let cards;

/** Loads the gateway's script and puts its card field into the page, once; a load that failed may be tried again. */
async function startCards() {
  const { key, gateway } = ways.dataset;
  if (cards || key === undefined || gateway === undefined) return;
  cards = loadCards(key, gateway);
  try {
    await cards;
    setText('card-problem', '');
    byId('again').hidden = true;
  } catch {
    cards = undefined;
    setText('card-problem', NOT_LOADED);
    byId('again').hidden = false;
  }
}

/**
 * @param {string} key
 * @param {string} url
 * @returns {Promise<Cards>}
 */
async function loadCards(key, url) {
  await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.addEventListener('load', resolve);
    script.addEventListener('error', reject);
    document.head.append(script);
  });
  /** @type {Window & { Stripe?: (key: string) => Gateway }} */
  const known = window;
  if (!known.Stripe) throw new Error('the script of the gateway brought nothing');
  const gateway = known.Stripe(key);
  const { color, fontFamily } = getComputedStyle(document.body);
  const base = { color, fontFamily, fontSize: '16px', iconColor: color, '::placeholder': { color } };
  const card = gateway.elements().create('card', { style: { base } });
  card.mount('#card-field');
  card.on('change', ({ error }) => setText('card-problem', error ? error.message : ''));
  return { gateway, card };
}

async function payByCard() {
  if (!cards) return NOT_LOADED;
  const { gateway, card } = await cards;
  const { paymentMethod, error } = await gateway.createPaymentMethod({ type: 'card', card });
  if (!paymentMethod) return error?.message ?? 'The card could not be read.';
  const wrong = await send({ method: 'card', token: paymentMethod.id });
  if (wrong === '') card.clear();
  return wrong;
}

async function payByGiftCard() {
  const field = byId('code');
  if (!(field instanceof HTMLInputElement)) throw new Error('the code is not a field');
  const code = field.value.trim();
  const wrong = code === '' ? 'Please enter the code.' : await send({ method: 'gift_card', code });
  if (wrong === '') field.value = '';
  else field.focus();
  return wrong;
}

if (ways.dataset['key'] !== undefined) onSubmit('card', payByCard);
onSubmit('gift', payByGiftCard);
byId('again').addEventListener('click', () => void startCards());
if (!ways.hidden) void startCards();
if (byId('state').dataset['state'] === 'working') lookLater();
