// The machine itself: one computer in one instance of the WebAssembly module (src/web). Everything
// happens in the calls, on the caller's thread, and a program may never come back from one: pages run
// it in a Worker.

import { jitHost } from './jit_host.js';

/** Something the assembler has to say, with the place it is about; lines and columns start at 1. */
export type Diagnostic = {
  file: string;
  /** 0: it is about the file as a whole. */
  line: number;
  /** In code points. */
  column: number;
  /** The column behind the last character. */
  endColumn: number;
  severity: 'error' | 'warning' | 'note';
  /** One line, no full stop. */
  message: string;
  /** What to do about it. */
  hint?: string;
};

/** What came out of an assembler run. */
export type Assembled = {
  /** null if there are errors. */
  rom: Uint8Array | null;
  /** A symbol file. */
  symbols: Uint8Array | null;
  diagnostics: Diagnostic[];
  /** The diagnostics as a terminal shows them, without colours. */
  text: string;
};

/** What is on the screen. */
export type Picture = {
  width: number;
  height: number;
  /** Red, green, blue, alpha: a view of the module's memory, to be copied before the next call. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
  /** Whether it differs from the picture before. */
  changed: boolean;
};

/** An engine of the list. */
export type Engine = {
  name: string;
  /** One line: how it works. */
  summary: string;
  /** Why it is of no use here; empty if it is. */
  whyNot: string;
};

/** An entry among the files of the computer. */
export type FileEntry = { path: string; size: number; isFolder: boolean };

/** What a program says of itself. Any text may be here. */
export type Metadata = {
  name: string;
  description?: string;
  author?: string;
  date?: string;
};

/** What the computer needs of the outside. None of these may call the computer back. */
export interface Callbacks {
  /** Takes what the program prints; also while a vector runs, every few hundredths of a second. */
  console(stream: 'output' | 'error', bytes: Uint8Array<ArrayBuffer>): void;
  /**
   * The program has written a file, whose whole contents these are, or removed it. When the same file
   * is written often, only the last contents matter. A path that ends in '/' is a folder.
   */
  fileChanged(path: string, bytes: Uint8Array<ArrayBuffer> | null): void;
  /** What the program's clock shows, in the time of the place; otherwise the time it is. */
  now?(): Date;
}

export interface Options {
  /** Frames of sound a second that `mix` makes, 8000 to 192000; 44100 unless told. */
  audioRate?: number;
  /** False: programs are not compiled to WebAssembly, and the engine `jit` is not to be had. */
  jit?: boolean;
}

/** The names of everything that the module exports: src/web/exports.cpp says what they do. */
interface Exports {
  memory: WebAssembly.Memory;
  __indirect_function_table: WebAssembly.Table;
  _initialize(): void;
  request(size: number): number;
  answer_data(): number;
  answer_size(): number;
  create(audioRate: number): void;
  engines(): void;
  use_engine(): number;
  load(argumentCount: number): number;
  reboot(hard: number): void;
  running(): number;
  exit_code(): number;
  instructions(): number;
  key(byte: number): void;
  press(button: number, pad: number): void;
  release(button: number, pad: number): void;
  mouse_move(x: number, y: number): void;
  mouse_press(button: number): void;
  mouse_release(button: number): void;
  scroll(x: number, y: number): void;
  input(): void;
  input_end(): void;
  frame(): void;
  picture(): number;
  picture_width(): number;
  picture_height(): number;
  picture_changed(): number;
  wants_cursor(): number;
  mix(frames: number): void;
  sounds(): number;
  save_state(): void;
  load_state(): number;
  list_files(): void;
  read_file(): number;
  write_file(): number;
  remove_file(): number;
  memory_image(): void;
  assemble(): number;
  assembled_rom(): void;
  assembled_symbols(): void;
  assembled_text(): void;
  diagnostics(): void;
  metadata(): number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const empty = new Uint8Array();
const zero = new Uint8Array(1);

/** How many minutes the clocks of this place are ahead because of summer. */
function summerTime(date: Date): number {
  const offsets = [0, 6].map((month) => new Date(date.getFullYear(), month).getTimezoneOffset());
  return Math.max(...offsets) - date.getTimezoneOffset();
}

/** A Uxn/Varvara computer. */
export class Computer {
  readonly #wasm: Exports;
  #broken: string | null = null;

  private constructor(wasm: Exports) {
    this.#wasm = wasm;
  }

  /**
   * A computer without a program.
   * @param wasm `leveret.wasm`, as bytes or compiled
   * @throws if the module is damaged, or this browser lacks something that it needs
   */
  static async create(
    wasm: WebAssembly.Module | BufferSource,
    callbacks: Callbacks,
    options: Options = {},
  ): Promise<Computer> {
    let exports: Exports | null = null;
    // Copies, as the memory goes on to change.
    const bytes = (at: number, size: number) =>
      new Uint8Array(exports!.memory.buffer as ArrayBuffer, at, size).slice();
    const now = () => callbacks.now?.() ?? new Date();
    const imports = {
      leveret: {
        console: (stream: number, at: number, size: number) =>
          callbacks.console(stream === 0 ? 'output' : 'error', bytes(at, size)),
        file_changed: (path: number, pathSize: number, at: number, size: number) =>
          callbacks.fileChanged(
            decoder.decode(bytes(path, pathSize)),
            at === 0 ? null : bytes(at, size),
          ),
        local_seconds: () => {
          const date = now();
          return date.getTime() / 1000 - date.getTimezoneOffset() * 60;
        },
        is_summer_time: () => (summerTime(now()) > 0 ? 1 : 0),
      },
      leveret_jit: jitHost(() =>
        exports === null || options.jit === false
          ? null
          : { memory: exports.memory, table: exports.__indirect_function_table },
      ),
    };
    const module = wasm instanceof WebAssembly.Module ? wasm : await WebAssembly.compile(wasm);
    const instance = await WebAssembly.instantiate(module, imports);
    exports = instance.exports as unknown as Exports;
    exports._initialize();
    exports.create(options.audioRate ?? 44100);
    return new Computer(exports);
  }

  /** All engines there are, fastest first. */
  engines(): Engine[] {
    this.#call((wasm) => wasm.engines());
    return rows(this.#texts(), 3).map(([name, summary, whyNot]) => ({ name, summary, whyNot }));
  }

  /** Goes on with another engine; 'auto' is the fastest. False if it is not to be had. */
  useEngine(name: string): boolean {
    return this.#ask(name, (wasm) => wasm.use_engine()) !== 0;
  }

  /**
   * Begins anew with a program, whose reset vector is run. Files stay.
   * @throws if it is empty or too large; the program before is still there then
   */
  load(rom: Uint8Array, args: string[] = []): void {
    const words = args.flatMap((word) => [encoder.encode(word.replaceAll('\0', '')), zero]);
    if (this.#ask([...words, rom], (wasm) => wasm.load(args.length)) === 0) {
      throw new Error(this.#text());
    }
  }

  /** Begins anew with the same program, ended or not; softly: the zero page keeps its contents. */
  reboot(hard: boolean): void {
    this.#call((wasm) => wasm.reboot(hard ? 1 : 0));
  }

  /** Whether there is a program that goes on. */
  get running(): boolean {
    return this.#call((wasm) => wasm.running()) !== 0;
  }

  /** What the program ended with, 0 to 127. */
  get exitCode(): number {
    return this.#call((wasm) => wasm.exit_code());
  }

  /** How many instructions were executed since the program was loaded. */
  get instructions(): number {
    return this.#call((wasm) => wasm.instructions());
  }

  /** A character is typed, or a byte of one. */
  key(byte: number): void {
    this.#call((wasm) => wasm.key(byte));
  }

  /** Buttons of a controller, 0 to 3, go down: bits of Controller/button. */
  press(button: number, pad: number): void {
    this.#call((wasm) => wasm.press(button, pad));
  }

  release(button: number, pad: number): void {
    this.#call((wasm) => wasm.release(button, pad));
  }

  /** The mouse moves to this pixel of the screen. */
  mouseMove(x: number, y: number): void {
    this.#call((wasm) => wasm.mouse_move(x, y));
  }

  /** Buttons of the mouse go down: bits of Mouse/state, 1 the left, 2 the middle, 4 the right one. */
  mousePress(button: number): void {
    this.#call((wasm) => wasm.mouse_press(button));
  }

  mouseRelease(button: number): void {
    this.#call((wasm) => wasm.mouse_release(button));
  }

  /** The wheel turns: x to the right, y toward the user, mostly by 1. */
  scroll(x: number, y: number): void {
    this.#call((wasm) => wasm.scroll(x, y));
  }

  /** Bytes arrive on standard input, each of which is a vector of its own. */
  input(bytes: Uint8Array): void {
    this.#ask([bytes], (wasm) => wasm.input());
  }

  inputEnd(): void {
    this.#call((wasm) => wasm.input_end());
  }

  /** A sixtieth of a second has passed: vectors of notes that have ended, then the screen vector. */
  frame(): void {
    this.#call((wasm) => wasm.frame());
  }

  picture(): Picture {
    return this.#call((wasm) => {
      const at = wasm.picture();
      const width = wasm.picture_width();
      const height = wasm.picture_height();
      const buffer = wasm.memory.buffer as ArrayBuffer;
      return {
        width,
        height,
        pixels: new Uint8ClampedArray(buffer, at, 4 * width * height),
        changed: wasm.picture_changed() !== 0,
      };
    });
  }

  /** Whether the program has no mouse vector, and so draws no pointer. */
  get wantsMouseCursor(): boolean {
    return this.#call((wasm) => wasm.wants_cursor()) !== 0;
  }

  /** Whether there is anything to hear now; where there is not, mixing may be left out. */
  get usesSound(): boolean {
    return this.#call((wasm) => wasm.sounds()) !== 0;
  }

  /** The next frames of sound, 48000 at most: interleaved, left first. */
  mix(frames: number): Int16Array<ArrayBuffer> {
    this.#call((wasm) => wasm.mix(frames));
    return new Int16Array(this.#bytes().buffer);
  }

  /** The whole computer between two events, its files left out, as the contents of a state file. */
  saveState(): Uint8Array<ArrayBuffer> {
    this.#call((wasm) => wasm.save_state());
    return this.#bytes();
  }

  /**
   * Goes on with the computer that was saved.
   * @throws if the bytes are no state, or a damaged one; the computer is as before then
   */
  loadState(bytes: Uint8Array): void {
    if (this.#ask([bytes], (wasm) => wasm.load_state()) === 0) {
      throw new Error(this.#text());
    }
  }

  /** What is in the folder that the program sees, in the order of the paths. */
  files(): FileEntry[] {
    this.#call((wasm) => wasm.list_files());
    return rows(this.#texts(), 2).map(([path, size]) => {
      const isFolder = size === 'folder';
      return { path, size: isFolder ? 0 : Number(size), isFolder };
    });
  }

  /** The contents of a file; null if there is none. */
  readFile(path: string): Uint8Array<ArrayBuffer> | null {
    return this.#ask(path, (wasm) => wasm.read_file()) !== 0 ? this.#bytes() : null;
  }

  /**
   * Puts a file into the folder, and the folders on the way to it. A path that ends in '/' is a folder.
   * False: it is no path, something else is there, or 64 MiB are used up.
   */
  writeFile(path: string, bytes: Uint8Array): boolean {
    if (path.includes('\0')) {
      return false;
    }
    return this.#ask([encoder.encode(path), zero, bytes], (wasm) => wasm.write_file()) !== 0;
  }

  /** Removes a file. False if there was none. */
  removeFile(path: string): boolean {
    return this.#ask(path, (wasm) => wasm.remove_file()) !== 0;
  }

  /** A copy of the 64 KiB that the CPU sees. */
  memory(): Uint8Array<ArrayBuffer> {
    this.#call((wasm) => wasm.memory_image());
    return this.#bytes();
  }

  /** Assembles the file called `main`, and what it includes. The program that runs is left alone. */
  assemble(files: Map<string, Uint8Array>, main: string): Assembled {
    const parts: Uint8Array[] = [encoder.encode(main), zero];
    for (const [name, contents] of files) {
      parts.push(encoder.encode(name), zero, encoder.encode(String(contents.length)), zero, contents);
    }
    const ok = this.#ask(parts, (wasm) => wasm.assemble()) !== 0;
    const made = (which: (wasm: Exports) => void) => {
      this.#call(which);
      return this.#bytes();
    };
    const rom = ok ? made((wasm) => wasm.assembled_rom()) : null;
    const symbols = ok ? made((wasm) => wasm.assembled_symbols()) : null;
    const text = decoder.decode(made((wasm) => wasm.assembled_text()));
    this.#call((wasm) => wasm.diagnostics());
    const diagnostics = rows(this.#texts(), 7).map(
      ([file, line, column, length, severity, message, hint]) => ({
        file,
        line: Number(line),
        column: Number(column),
        endColumn: Number(column) + Number(length),
        severity: severity as Diagnostic['severity'],
        message,
        ...(hint === '' ? {} : { hint }),
      }),
    );
    return { rom, symbols, diagnostics, text };
  }

  /** What a program says of itself, without being run; null if nothing. */
  metadata(rom: Uint8Array): Metadata | null {
    if (this.#ask([rom], (wasm) => wasm.metadata()) === 0) {
      return null;
    }
    const [name = '', description, author, date] = this.#text().split('\n');
    return {
      name,
      ...(description ? { description } : {}),
      ...(author ? { author } : {}),
      ...(date ? { date } : {}),
    };
  }

  /** Calls the module. Once it has trapped, nothing in it can be trusted: that was the last call. */
  #call<T>(what: (wasm: Exports) => T): T {
    if (this.#broken !== null) {
      throw new Error(this.#broken);
    }
    try {
      return what(this.#wasm);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        this.#broken = `the computer has failed: ${error.message}`;
        throw new Error(this.#broken, { cause: error });
      }
      throw error;
    }
  }

  /** Calls the module with a request. */
  #ask<T>(request: string | Uint8Array[], what: (wasm: Exports) => T): T {
    const parts = typeof request === 'string' ? [encoder.encode(request)] : request;
    return this.#call((wasm) => {
      const size = parts.reduce((sum, part) => sum + part.length, 0);
      let at = wasm.request(size);
      if (at === 0 && size !== 0) {
        throw new Error(`${size} bytes are more than the computer takes`);
      }
      const memory = new Uint8Array(wasm.memory.buffer);
      for (const part of parts) {
        memory.set(part, at);
        at += part.length;
      }
      return what(wasm);
    });
  }

  /** A copy of the answer to the last call. */
  #bytes(): Uint8Array<ArrayBuffer> {
    return this.#call((wasm) => {
      const size = wasm.answer_size();
      if (size === 0) {
        return empty.slice();
      }
      return new Uint8Array(wasm.memory.buffer as ArrayBuffer, wasm.answer_data(), size).slice();
    });
  }

  #text(): string {
    return decoder.decode(this.#bytes());
  }

  /** The texts in the answer. */
  #texts(): string[] {
    return this.#text().split('\0').slice(0, -1);
  }
}

/** Texts in rows of `size` columns. */
function rows(texts: string[], size: 2): [string, string][];
function rows(texts: string[], size: 3): [string, string, string][];
function rows(
  texts: string[],
  size: 7,
): [string, string, string, string, string, string, string][];
function rows(texts: string[], size: number): string[][] {
  return Array.from({ length: Math.floor(texts.length / size) }, (_, row) =>
    texts.slice(row * size, (row + 1) * size),
  );
}
