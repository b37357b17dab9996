/**
 * What the page keeps in the browser: files and states of programs, and the user's own programs.
 * Where the browser keeps nothing (a private window, no room), all
 * of it lasts as long as the page, and the user is told.
 */

export type Kind = 'files' | 'states' | 'programs';
const kKinds: Kind[] = ['files', 'states', 'programs'];
const kName = 'leveret';
const kVersion = 1;

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('storage failed'));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error('storage failed'));
    transaction.onabort = () => reject(transaction.error ?? new Error('storage failed'));
  });
}

export class Storage {
  readonly #complain: (message: string) => void;
  readonly #database: Promise<IDBDatabase | null>;
  /** What could not be kept, by kind and key; null: removed. */
  #unkept = new Map<string, { kind: Kind; program: string; name: string; value: unknown }>();
  #complained = false;

  /** complain: is told, once, that things are not kept. */
  constructor(complain: (message: string) => void) {
    this.#complain = complain;
    this.#database = this.#open();
  }

  async #open(): Promise<IDBDatabase | null> {
    try {
      const request = indexedDB.open(kName, kVersion);
      request.onupgradeneeded = () => {
        for (const kind of kKinds) {
          request.result.createObjectStore(kind);
        }
      };
      const database = await done(request);
      database.onversionchange = () => database.close();
      return database;
    } catch (error) {
      this.#failed(error);
      return null;
    }
  }

  #failed(error: unknown) {
    if (this.#complained) {
      return;
    }
    this.#complained = true;
    const full = error instanceof DOMException && error.name === 'QuotaExceededError';
    this.#complain(
      full
        ? 'The browser has no room left for files: export what you want to keep before you leave this page.'
        : 'This browser keeps nothing for this page (a private window?): export what you want to keep before you leave.',
    );
  }

  /** value: null removes it. Never fails: see above. */
  async put(kind: Kind, program: string, name: string, value: unknown): Promise<void> {
    const key = JSON.stringify([kind, program, name]);
    this.#unkept.set(key, { kind, program, name, value });
    const mine = this.#unkept.get(key);
    try {
      const database = await this.#database;
      if (database === null) {
        return this.#failed(null);
      }
      const transaction = database.transaction(kind, 'readwrite');
      const store = transaction.objectStore(kind);
      if (value === null) {
        store.delete([program, name]);
      } else {
        store.put(value, [program, name]);
      }
      await finished(transaction);
      if (this.#unkept.get(key) === mine) {
        this.#unkept.delete(key);
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  async get<T>(kind: Kind, program: string, name: string): Promise<T | null> {
    return (await this.list<T>(kind, program)).get(name) ?? null;
  }

  /** All that belongs to a program, by name. */
  async list<T>(kind: Kind, program: string): Promise<Map<string, T>> {
    const found = new Map<string, T>();
    const database = await this.#database;
    if (database !== null) {
      try {
        const store = database.transaction(kind, 'readonly').objectStore(kind);
        const range = IDBKeyRange.bound([program], [program, []]);
        const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))]);
        keys.forEach((key, i) => found.set((key as string[])[1]!, values[i] as T));
      } catch (error) {
        this.#failed(error);
      }
    }
    for (const unkept of this.#unkept.values()) {
      if (unkept.kind === kind && unkept.program === program) {
        if (unkept.value === null) {
          found.delete(unkept.name);
        } else {
          found.set(unkept.name, unkept.value as T);
        }
      }
    }
    return found;
  }
}

/** What stands for a program: two programs with the same bytes are one. */
export function keyOf(rom: Uint8Array): string {
  // FNV-1a from two beginnings: crypto.subtle is not there on every host.
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (const byte of rom) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x01000193);
    b = (b << 13) | (b >>> 19);
  }
  const hex = (number: number) => (number >>> 0).toString(16).padStart(8, '0');
  return `${hex(a)}${hex(b)}-${rom.length}`;
}
