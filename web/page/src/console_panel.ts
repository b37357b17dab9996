/** What the program prints, and a line of input for it. */
import type { LeveretElement } from '../../player/src/element';
import { byId, make } from './elements';

/** Characters; what was before is forgotten. */
const kMost = 100_000;

export class ConsolePanel {
  readonly #output = byId<HTMLPreElement>('console-output');
  readonly #decoders = { output: new TextDecoder(), error: new TextDecoder() };
  #waiting: { error: boolean; text: string }[] = [];
  #length = 0;
  #due = false;

  constructor(player: LeveretElement) {
    player.addEventListener('console', ({ detail: { stream, bytes } }) => {
      this.#add(stream === 'error', this.#decoders[stream].decode(bytes, { stream: true }));
    });
    const line = byId<HTMLInputElement>('console-input');
    byId<HTMLFormElement>('console-form').addEventListener('submit', (event) => {
      event.preventDefault();
      player.input(`${line.value}\n`);
      line.value = '';
    });
    byId('console-end').addEventListener('click', () => player.endInput());
    byId('console-clear').addEventListener('click', () => this.clear());
  }

  clear() {
    this.#waiting = [];
    this.#length = 0;
    this.#output.replaceChildren();
  }

  #add(error: boolean, text: string) {
    const last = this.#waiting.at(-1);
    if (last?.error === error) {
      // Of a flood, only the end will be seen.
      last.text = (last.text + text).slice(-kMost);
    } else {
      this.#waiting.push({ error, text });
    }
    if (!this.#due) {
      this.#due = true;
      // Not more often than can be read; a hidden page has no animation frames.
      setTimeout(() => this.#show(), 30);
    }
  }

  #show() {
    this.#due = false;
    const atEnd = this.#output.scrollHeight - this.#output.scrollTop - this.#output.clientHeight < 30;
    for (const { error, text } of this.#waiting.splice(0)) {
      this.#length += text.length;
      this.#output.append(error ? make('span', { className: 'error', textContent: text }) : text);
    }
    while (this.#length > kMost && this.#output.childNodes.length > 1) {
      const first = this.#output.firstChild!;
      this.#length -= first.textContent?.length ?? 0;
      first.remove();
    }
    if (atEnd) {
      this.#output.scrollTop = this.#output.scrollHeight;
    }
  }
}
