/** States of the program in ten slots, as in the window: docs/window.md. */
import type { LeveretElement } from '../../player/src/element';
import { byId, dated, download, make, message, notice, plainButton } from './elements';
import type { Storage } from './storage';

const kSlots = 10;
/** Larger ones are none. */
const kMostBytes = 64 << 20;

interface Kept {
  state: Uint8Array;
  picture: Blob;
  time: number;
}

export class States {
  readonly #player: LeveretElement;
  readonly #storage: Storage;
  readonly #slot = byId<HTMLSelectElement>('slot');
  readonly #list = byId('states-list');
  #pictures: string[] = [];
  #program = '';
  #name = '';

  constructor(player: LeveretElement, storage: Storage) {
    this.#player = player;
    this.#storage = storage;
    for (let slot = 1; slot <= kSlots; ++slot) {
      this.#slot.append(make('option', { value: String(slot), textContent: String(slot) }));
    }
    byId('save').addEventListener('click', () => void this.save());
    byId('load').addEventListener('click', () => void this.load());
    const input = byId<HTMLInputElement>('states-input');
    byId('states-import').addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      input.value = '';
      if (file !== undefined) {
        void this.#restore(file.size > kMostBytes ? null : file.arrayBuffer());
      }
    });
  }

  setProgram(key: string, name: string) {
    this.#program = key;
    this.#name = name;
    void this.refresh();
  }

  nextSlot(step: number) {
    const next = ((Number(this.#slot.value) - 1 + step + kSlots) % kSlots) + 1;
    this.#slot.value = String(next);
    notice(`Slot ${next}`);
  }

  async save(slot = this.#slot.value) {
    const program = this.#program;
    if (this.#player.busy) {
      notice('The program is computing: there is no moment to save.');
      return;
    }
    try {
      const [state, picture] = await Promise.all([this.#player.saveState(), this.#player.screenshot()]);
      const kept: Kept = { state, picture, time: Date.now() };
      await this.#storage.put('states', program, slot, kept);
      notice(`Saved in slot ${slot}.`);
    } catch (error) {
      notice(`The state could not be saved: ${message(error)}`);
    }
    void this.refresh();
  }

  async load(slot = this.#slot.value) {
    const kept = await this.#storage.get<Kept>('states', this.#program, slot);
    if (kept === null) {
      notice(`Slot ${slot} is empty.`);
      return;
    }
    await this.#restore(Promise.resolve(kept.state.slice().buffer), `Slot ${slot} is loaded.`);
  }

  async #restore(bytes: Promise<ArrayBuffer> | null, word = 'The state is loaded.') {
    try {
      if (bytes === null) {
        throw new Error('it is too large.');
      }
      await this.#player.loadState(new Uint8Array(await bytes));
      notice(word);
      this.#player.focus();
    } catch (error) {
      notice(`This state cannot be loaded: ${message(error)}`);
    }
  }

  async refresh() {
    const states = await this.#storage.list<Kept>('states', this.#program);
    this.#pictures.forEach((address) => URL.revokeObjectURL(address));
    this.#pictures = [];
    this.#list.replaceChildren();
    for (let number = 1; number <= kSlots; ++number) {
      const slot = String(number);
      const kept = states.get(slot);
      const entry = make('div', { className: 'entry' });
      if (kept === undefined) {
        entry.append(make('span', { className: 'none' }));
      } else {
        const src = URL.createObjectURL(kept.picture);
        this.#pictures.push(src);
        entry.append(make('img', { src, alt: '' }));
      }
      const when = kept === undefined ? 'empty' : new Date(kept.time).toLocaleString();
      entry.append(
        make('span', { className: 'name', textContent: `Slot ${slot}` }, make('small', { textContent: when })),
      );
      const actions = make(
        'span',
        { className: 'actions' },
        plainButton('Save', `Save in slot ${slot}`, () => void this.save(slot)),
      );
      if (kept !== undefined) {
        actions.append(
          plainButton('Load', `Load slot ${slot}`, () => void this.load(slot)),
          plainButton('Export', `Export slot ${slot}`, () => download(`${dated(this.#name)}.state`, kept.state)),
          plainButton('Remove', `Remove slot ${slot}`, () => {
            void this.#storage.put('states', this.#program, slot, null).then(() => this.refresh());
          }),
        );
      }
      entry.append(actions);
      this.#list.append(entry);
    }
  }
}
