/**
 * A stand-in for Stripe.js, for browsers: the calls with which a page has a card taken (Stripe(key).elements().create('card')
 * .mount(), createPaymentMethod), with a field that offers the simulator's test cards by name. It takes no number.
 */
(() => {
  /** @typedef {(event: { complete: boolean, error: undefined }) => void} Listener */

  /** @type {readonly { token: string, name: string }[]} */
  const CARDS = JSON.parse(`__TEST_CARDS__`);

  function createCard() {
    /** @type {Listener[]} */
    const listeners = [];
    const label = document.createElement('label');
    const select = document.createElement('select');
    select.id = 'simulated-card';
    label.htmlFor = select.id;
    label.textContent = 'Test card';
    const choices = CARDS.map(({ token, name }) => new Option(name, token));
    select.append(new Option('Choose a test card', ''), ...choices);
    select.addEventListener('change', () => {
      for (const listener of listeners) listener({ complete: select.value !== '', error: undefined });
    });
    return {
      token: () => select.value,
      /** @param {string} place */
      mount(place) {
        document.querySelector(place)?.replaceChildren(label, select);
      },
      /**
       * @param {string} name
       * @param {Listener} listener
       */
      on(name, listener) {
        if (name === 'change') listeners.push(listener);
      },
      clear() {
        select.value = '';
      },
    };
  }

  /** @typedef {ReturnType<typeof createCard>} Card */

  /**
   * A payment method of its own, as each card that is given makes one: 24 letters and the test card.
   * @param {string} testToken
   */
  function newMethod(testToken) {
    const bytes = [...crypto.getRandomValues(new Uint8Array(24))];
    const letters = bytes.map((byte) => String.fromCharCode(97 + (byte % 26))).join('');
    return `pm_${letters}_${testToken.slice('pm_'.length)}`;
  }

  /** @param {string} key */
  function createStripe(key) {
    if (!key.startsWith('pk_')) throw new Error('Stripe() takes a publishable key, which begins with pk_');
    return {
      elements: () => ({
        /** @param {string} type */
        create(type) {
          if (type !== 'card') throw new Error(`the simulator has no element ${type}`);
          return createCard();
        },
      }),
      /** @param {{ card: Card }} given */
      createPaymentMethod({ card }) {
        const id = card.token();
        const message = 'Choose a test card.';
        return Promise.resolve(
          id === ''
            ? { error: { type: 'validation_error', code: 'incomplete_number', message } }
            : { paymentMethod: { id: newMethod(id), object: 'payment_method', type: 'card' } },
        );
      },
    };
  }

  Object.assign(window, { Stripe: createStripe });
})();
