/** The programs that the page can run: the demos, and what the user has brought or written. */
import { kDemos, kLauncher, sourceOf } from './demos';
import type { Entry, List } from './launcher';
import { keyOf, type Storage } from './storage';

/** A program that can be opened again. */
export interface Kept {
  name: string;
  /** Bytes of a ROM, or a source; neither: a demo. */
  rom: Uint8Array | null;
  source: string | null;
  /** When it was opened last, in milliseconds since 1970. */
  opened: number;
  description: string;
}

/** A program as it is to be run. */
export interface Program {
  /** As the page calls it: `launcher`, `demo:NAME`, `rom:KEY`, `source:NAME`, or an address. */
  id: string;
  name: string;
  title: string;
  /** Under which its files and states are kept. */
  key: string;
  rom: Uint8Array | null;
  /** Null: there is none. */
  source(): Promise<string | null>;
  /** It prints, and has no use for a screen. */
  terminalOnly: boolean;
}

const kMostRecent = 20;

export class Library {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  launcher(): Program {
    return {
      id: 'launcher',
      name: 'launcher.rom',
      title: 'Programs',
      key: 'launcher',
      rom: kLauncher,
      source: () => sourceOf('launcher'),
      terminalOnly: false,
    };
  }

  demo(name: string): Program | null {
    const demo = kDemos.find((one) => one.name === name);
    return demo === undefined
      ? null
      : {
         id: `demo:${name}`,
         name: `${name}.tal`,
         title: demo.title,
         key: keyOf(demo.rom),
         rom: demo.rom,
         source: () => sourceOf(name),
         terminalOnly: demo.terminalOnly,
       };
  }

  rom(rom: Uint8Array, name: string): Program {
    const key = keyOf(rom);
    return { id: `rom:${key}`, name, title: name, key, rom, source: async () => null, terminalOnly: false };
  }

  /** rom: null if it does not assemble. */
  source(source: string, name: string, rom: Uint8Array | null): Program {
    // Its files stay with it while it is being written, whatever its bytes are.
    const id = `source:${name}`;
    return { id, name, title: name, key: id, rom, source: async () => source, terminalOnly: false };
  }

  async kept(id: string): Promise<Kept | null> {
    return this.#storage.get<Kept>('programs', '', id);
  }

  /** Keeps a program, or that it has been opened. */
  async keep(id: string, kept: Omit<Kept, 'opened'>): Promise<void> {
    await this.#storage.put('programs', '', id, { ...kept, opened: Date.now() });
  }
  async remove(id: string): Promise<void> {
    await this.#storage.put('programs', '', id, null);
  }

  /** All that have been opened, newest first. */
  async recent(): Promise<[string, Kept][]> {
    const all = [...(await this.#storage.list<Kept>('programs', ''))];
    return all.sort(([, a], [, b]) => b.opened - a.opened);
  }

  /** A name that no other source has. */
  async freeName(name: string): Promise<string> {
    const stem = name.replace(/\.tal$/i, '');
    for (let number = 1; ; ++number) {
      const free = number === 1 ? `${stem}.tal` : `${stem}-${number}.tal`;
      if ((await this.kept(`source:${free}`)) === null) {
        return free;
      }
    }
  }

  /** What the launcher lists, and what each entry stands for. */
  async lists(): Promise<{ lists: List[]; ids: string[][] }> {
    const recent = await this.recent();
    const own = recent.filter(([, { rom, source }]) => rom !== null || source !== null);
    const entryOf = ([id, kept]: [string, Kept]): Entry => {
      const demo = kDemos.find(({ name }) => id === `demo:${name}`);
      return demo ?? { title: kept.name, description: kept.description, icon: null, terminalOnly: false };
    };
    const known = recent.filter(([id]) => !id.startsWith('demo:') || this.demo(id.slice(5)) !== null).slice(0, kMostRecent);
    return {
      lists: [
        { name: 'Yours', entries: own.map(entryOf) },
        { name: 'Recent', entries: known.map(entryOf) },
        { name: 'Demos', entries: [...kDemos] },
      ],
      ids: [own.map(([id]) => id), known.map(([id]) => id), kDemos.map(({ name }) => `demo:${name}`)],
    };
  }
}
