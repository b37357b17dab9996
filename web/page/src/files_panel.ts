/** The program's files: they are kept for each program, and can be brought and taken away. */
import { unzipSync, zipSync } from 'fflate';
import type { LeveretElement } from '../../player/src/element';
import { byId, dated, download, make, message, notice, plainButton } from './elements';

/** In all; a zip file may unpack to anything. */
const kMostBytes = 64 << 20;

function sizeOf(bytes: number): string {
  return bytes < 10_000 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`;
}

/** Where the program finds it; nothing if that would be nowhere. */
function pathOf(name: string): string | null {
  const parts = name.replaceAll('\\', '/').split('/');
  const safe = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  return safe && name.length < 256 ? parts.join('/') : null;
}

export class FilesPanel {
  readonly #player: LeveretElement;
  readonly #changed: (path: string, bytes: Uint8Array | null) => void;
  readonly #list = byId('files-list');
  #due = false;
  #name = 'program';

  /** changed: the user has brought a file, or removed one: null. */
  constructor(player: LeveretElement, changed: (path: string, bytes: Uint8Array | null) => void) {
    this.#player = player;
    this.#changed = changed;
    const input = byId<HTMLInputElement>('files-input');
    byId('files-add').addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      void this.add([...(input.files ?? [])]);
      input.value = '';
    });
    byId('files-export').addEventListener('click', () => this.#export());
    player.addEventListener('file', () => this.refresh());
  }

  set program(name: string) {
    this.#name = name;
    this.refresh();
  }

  /** Files of the user's computer; a zip file is unpacked. */
  async add(files: File[]) {
    for (const file of files) {
      try {
        if (file.size > kMostBytes) {
          throw new Error('it is too large');
        }
        const bytes = new Uint8Array(await file.arrayBuffer());
        if (/\.zip$/i.test(file.name)) {
          this.#unpack(bytes);
        } else {
          this.#put(file.name, bytes);
        }
      } catch (error) {
        notice(`“${file.name}” could not be read: ${message(error)}.`);
      }
    }
    this.refresh();
  }

  #unpack(bytes: Uint8Array) {
    let size = 0;
    const files = unzipSync(bytes, {
      filter: ({ originalSize }) => {
        size += originalSize;
        if (size > kMostBytes) {
          throw new Error('it unpacks to too much');
        }
        return true;
      },
    });
    for (const [name, contents] of Object.entries(files)) {
      if (!name.endsWith('/')) {
        this.#put(name, contents);
      }
    }
  }

  #put(name: string, bytes: Uint8Array) {
    const path = pathOf(name);
    if (path === null) {
      notice(`“${name}” is no name that a program could use.`);
      return;
    }
    this.#player.putFile(path, bytes);
    this.#changed(path, bytes);
  }

  #export() {
    const files = Object.fromEntries(this.#player.files);
    if (Object.keys(files).length === 0) {
      notice('There are no files to export.');
      return;
    }
    download(`${dated(this.#name)}.zip`, zipSync(files));
  }

  refresh() {
    if (this.#due) {
      return;
    }
    this.#due = true;
    setTimeout(() => this.#show(), 50);
  }

  #show() {
    this.#due = false;
    const entries = [...this.#player.files].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#list.replaceChildren(
      ...entries.map(([path, bytes]) => {
        const folder = path.endsWith('/');
        return make(
          'div',
          { className: 'entry' },
          make('span', { className: 'name', textContent: path }, make('small', { textContent: folder ? 'folder' : sizeOf(bytes.length) })),
          ...(folder
            ? []
            : [
                plainButton('Save', `Save ${path}`, () =>
                  download(path.slice(path.lastIndexOf('/') + 1), this.#player.files.get(path) ?? bytes),
                ),
              ]),
          plainButton('Remove', `Remove ${path}`, () => {
            this.#player.putFile(path, null);
            this.#changed(path, null);
            this.refresh();
          }),
        );
      }),
    );
    if (entries.length === 0) {
      this.#list.append(make('p', { className: 'hint', textContent: 'There are none yet.' }));
    }
  }
}
