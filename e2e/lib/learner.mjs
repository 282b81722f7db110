// A learner without a browser: the same forms, sent by hand, for the long way to a certificate.
const LIMIT = 40;

export class Learner {
  #url;
  #oracle;

  constructor(url, oracle) {
    this.#url = url;
    this.#oracle = oracle;
  }

  async get(path) {
    const reply = await fetch(this.#url + path);
    return { status: reply.status, path: new URL(reply.url).pathname, text: await reply.text() };
  }

  /** Sends a form and follows where it leads. */
  async post(path, fields = []) {
    const reply = await fetch(this.#url + path, { method: 'POST', body: new URLSearchParams(fields) });
    return { status: reply.status, path: new URL(reply.url).pathname, text: await reply.text() };
  }

  /** Six answers and no placement: the typical course. */
  async begin(fields = []) {
    await this.post('/start', [...fields, ['then', 'course']]);
  }

  /** Practises one module until it is proved; the number of answers that took. */
  async prove(skill, until = (page) => /module is proved/.test(page)) {
    for (let answers = 0; answers < LIMIT; answers += 1) {
      const { text } = await this.get(`/practice/${skill}`);
      if (until(text)) return answers;
      const { item, seed, action } = question(text);
      const { status } = await this.post(action, await this.#oracle.right(item, seed));
      if (status !== 200) throw new Error(`The answer to ${item} (variation ${seed}) was sent back with ${status}.`);
    }
    throw new Error(`${skill} was not proved after ${LIMIT} right answers.`);
  }
}

/** The question on a page: its item, its variation and where its answer goes. */
export function question(html) {
  const form = /<form class="item[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/.exec(html);
  if (!form) throw new Error('There is no question on this page.');
  const value = (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(form[2])?.[1] ?? '';
  return { item: value('item'), seed: Number(value('seed')), action: form[1] };
}
