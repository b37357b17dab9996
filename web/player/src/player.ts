import { Pacer } from './pacer';
import type {
  About,
  Answers,
  EngineInfo,
  Files,
  Frame,
  FromWorker,
  Input,
  Question,
  Status,
  Stream,
  ToWorker,
} from './protocol';

/** Where the parts are that a page cannot simply import. */
export interface Assets {
  worker(): Worker;
  /** The machine; the same one each time. Errors: with a message for people. */
  machine(): Promise<WebAssembly.Module>;
  /** Where sound_worklet.js is. */
  soundModule(): string;
}

/** What a player tells its owner. */
export interface Listener {
  engines(engines: EngineInfo[]): void;
  loaded(about: About | null): void;
  shown(frame: Frame): void;
  /** After each frame of the program's time, and whenever something has happened to it. */
  status(status: Status): void;
  console(stream: Stream, bytes: Uint8Array): void;
  /** A file has been written, as a whole, or removed, by the program loaded with that id. */
  file(path: string, bytes: Uint8Array | null, id: string): void;
  /** Something does not work: for people to read. */
  problem(message: string): void;
  /** A vector takes longer than a second, or has come to its end after all. */
  busy(busy: boolean): void;
}

export interface LoadOptions {
  args?: string[];
  files?: Files;
  /** Comes back with each file that the program writes: one of another program may still be under way. */
  id?: string;
}

/** The most that fits: bank 0 from 0100 on, and 15 banks more. */
export const kMaxRomSize = 0x10000 - 0x100 + 15 * 0x10000;

/**
 * A computer in a Worker, seen from the page. It lets time pass, and outlives its Worker: one that
 * does not come back is ended and another one takes its place, with the same program and files.
 */
export class Player {
  static readonly kBusyMs = 1000;
  /** A vector that is not done by then when the user restarts the program is not waited for. */
  static readonly kPatienceMs = 200;

  readonly #assets: Assets;
  readonly #listener: Listener;
  readonly #pacer = new Pacer();
  #worker: Worker | null = null;
  /** What is to be sent once the machine is there; null: it is. */
  #waiting: { message: ToWorker; transfer: Transferable[] }[] | null = null;
  #rom: Uint8Array | null = null;
  #args: string[] = [];
  #files: Files = new Map();
  #id = '';
  #engine = 'auto';
  #jit: boolean;
  #paused = false;
  #closed = false;
  #failed = false;
  /** A tick or load has been sent at this time and not been answered. */
  #waitingSince: number | null = null;
  #loading: { resolve(): void; reject(error: Error): void } | null = null;
  #busy = false;
  #spare: ArrayBuffer | null = null;
  #steps: (() => void)[] = [];
  #status: Status = { running: false, exitCode: 0, usesSound: false, hidesPointer: false };
  #questions = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #lastQuestion = 0;
  #cancelTick: () => void = () => {};
  #soundPort: () => MessagePort | null = () => null;

  constructor(assets: Assets, listener: Listener, options: { jit?: boolean } = {}) {
    this.#assets = assets;
    this.#listener = listener;
    this.#jit = options.jit ?? true;
  }

  get status(): Status {
    return this.#status;
  }
  get paused(): boolean {
    return this.#paused;
  }
  get busy(): boolean {
    return this.#busy;
  }
  get rom(): Uint8Array | null {
    return this.#rom;
  }
  /** The program's files, by path. */
  get files(): ReadonlyMap<string, Uint8Array> {
    return this.#files;
  }
  get engine(): string {
    return this.#engine;
  }
  set engine(name: string) {
    this.#engine = name;
    this.#send({ type: 'engine', name });
  }
  get speed(): number {
    return this.#pacer.speed;
  }
  set speed(factor: number) {
    this.#pacer.speed = Math.min(Math.max(factor, 0.1), 16);
  }

  /** Runs a program. Errors: one that is empty or too large. */
  async load(rom: Uint8Array, { args = [], files = new Map(), id = '' }: LoadOptions = {}): Promise<void> {
    if (rom.length === 0) {
      throw new Error('The program is empty.');
    }
    if (rom.length > kMaxRomSize) {
      throw new Error(`This is no program: it has ${rom.length} bytes, and ${kMaxRomSize} is the most.`);
    }
    this.#rom = rom;
    this.#args = args;
    this.#files = new Map(files);
    this.#id = id;
    if (this.#waitingSince !== null) {
      this.#end();
    }
    return this.#start();
  }

  /** Starts the program again; soft: with its zero page as it is. */
  reset(soft = false): void {
    if (this.#rom === null) {
      return;
    }
    const asked = this.#waitingSince;
    if (asked !== null && (this.#busy || performance.now() - asked > Player.kPatienceMs)) {
      this.#end();
    }
    if (this.#worker === null || !this.#status.running) {
      void this.#start().catch((error: Error) => this.#listener.problem(error.message));
      return;
    }
    this.#send({ type: 'reboot', hard: !soft });
    // Should the vector that runs now not end, there is a new Worker.
    setTimeout(() => {
      if (asked !== null && this.#waitingSince === asked) {
        this.reset(soft);
      }
    }, Player.kPatienceMs);
  }

  /** Ends the program, whatever it does. */
  stop() {
    this.#end();
    this.#status = { ...this.#status, running: false };
    this.#listener.status(this.#status);
  }

  pause() {
    this.#paused = true;
    this.#cancelTick();
    this.#cancelTick = () => {};
  }
  resume() {
    if (this.#paused) {
      this.#paused = false;
      this.#pacer.restart();
      this.#schedule();
    }
  }
  /** While it is paused: that many frames. */
  async step(frames = 1): Promise<void> {
    for (let i = 0; i < frames; ++i) {
      if (this.#worker === null || !this.#status.running) {
        return;
      }
      await new Promise<void>((resolve) => {
        this.#steps.push(resolve);
        this.#sendTick(1);
      });
    }
  }

  send(...inputs: Input[]) {
    if (inputs.length > 0 && this.#status.running) {
      this.#send({ type: 'inputs', inputs });
    }
  }

  /** Puts a file where the program finds it; null takes it away. */
  putFile(path: string, bytes: Uint8Array | null) {
    this.#keepFile(path, bytes);
    this.#send({ type: 'file', path, bytes });
  }

  /** The whole computer: docs/state-format.md. */
  saveState(): Promise<Uint8Array> {
    return this.ask({ what: 'save-state' });
  }
  async loadState(bytes: Uint8Array): Promise<void> {
    await this.ask({ what: 'load-state', bytes });
  }

  /** Errors: what the Worker says, or that it has ended meanwhile. */
  ask<Q extends Question>(question: Q): Promise<Answers[Q['what']]> {
    this.#ready();
    const id = ++this.#lastQuestion;
    return new Promise((resolve, reject) => {
      this.#questions.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#send({ type: 'question', id, question });
    });
  }

  /** Where sound goes: asked for a port when a Worker begins, and when `soundOpened` is called. */
  set soundSource(port: () => MessagePort | null) {
    this.#soundPort = port;
    this.soundOpened();
  }
  soundOpened() {
    const port = this.#worker === null ? null : this.#soundPort();
    if (port !== null) {
      this.#send({ type: 'sound', port }, [port]);
    }
  }

  /** A buffer that has been shown, to be used again. */
  giveBack(buffer: ArrayBuffer) {
    this.#spare = buffer;
  }

  close() {
    this.#closed = true;
    this.#end();
  }

  // --- the Worker -----------------------------------------------------------------------------

  /** Starts the Worker before it is needed. */
  prepare() {
    this.#ready();
  }

  #ready() {
    if (this.#worker !== null || this.#closed) {
      return;
    }
    this.#failed = false;
    try {
      this.#worker = this.#assets.worker();
    } catch (error) {
      this.#fail(`This browser cannot start a Worker: ${error instanceof Error ? error.message : error}`);
      return;
    }
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault?.();
      this.#fail(event.message || 'The machine could not be started: its Worker did not load.');
    };
    this.#waiting = [];
    this.soundOpened();
    const worker = this.#worker;
    this.#assets.machine().then(
      (module) => {
        if (this.#worker !== worker) {
          return; // it has been ended meanwhile
        }
        worker.postMessage({ type: 'start', module, engine: this.#engine, jit: this.#jit } satisfies ToWorker);
        for (const { message, transfer } of this.#waiting?.splice(0) ?? []) {
          worker.postMessage(message, transfer);
        }
        this.#waiting = null;
      },
      (error: Error) => this.#worker === worker && this.#fail(error.message),
    );
  }

  #start(): Promise<void> {
    this.#ready();
    this.#loading?.reject(new Error('Another program was loaded.'));
    return new Promise((resolve, reject) => {
      this.#loading = { resolve, reject };
      if (this.#failed || this.#rom === null) {
        this.#fail('The machine could not be started.');
        return;
      }
      this.#waitingSince = performance.now();
      this.#send({ type: 'load', id: this.#id, rom: this.#rom, args: this.#args, files: this.#files });
      this.#pacer.restart();
      this.#schedule();
    });
  }

  #send(message: ToWorker, transfer: Transferable[] = []) {
    if (this.#waiting !== null) {
      this.#waiting.push({ message, transfer });
    } else {
      this.#worker?.postMessage(message, transfer);
    }
  }

  #end() {
    this.#cancelTick();
    this.#cancelTick = () => {};
    this.#worker?.terminate();
    this.#worker = null;
    this.#waiting = null;
    this.#waitingSince = null;
    this.#setBusy(false);
    for (const { reject } of this.#questions.values()) {
      reject(new Error('The program was stopped.'));
    }
    this.#questions.clear();
    for (const resolve of this.#steps.splice(0)) {
      resolve();
    }
  }

  #fail(message: string) {
    this.#failed = true;
    const loading = this.#loading;
    this.#loading = null;
    this.#end();
    if (loading !== null) {
      loading.reject(new Error(message));
    } else {
      this.#listener.problem(message);
    }
  }

  #keepFile(path: string, bytes: Uint8Array | null) {
    if (bytes === null) {
      this.#files.delete(path);
    } else {
      this.#files.set(path, bytes);
    }
  }

  #setBusy(busy: boolean) {
    if (busy !== this.#busy) {
      this.#busy = busy;
      this.#listener.busy(busy);
    }
  }

  #receive(message: FromWorker) {
    switch (message.type) {
      case 'started':
        this.#listener.engines(message.engines);
        break;
      case 'failed':
        this.#fail(message.message);
        break;
      case 'loaded': {
        const loading = this.#loading;
        this.#loading = null;
        this.#waitingSince = null;
        this.#setBusy(false);
        if (message.error !== '') {
          this.#status = { ...this.#status, running: false };
          loading?.reject(new Error(message.error));
          break;
        }
        this.#listener.loaded(message.about);
        loading?.resolve();
        break;
      }
      case 'ticked':
        this.#waitingSince = null;
        this.#setBusy(false);
        this.#show(message.status, message.frame);
        this.#steps.shift()?.();
        break;
      case 'shown':
        this.#show(message.status, message.frame);
        break;
      case 'console':
        this.#listener.console(message.stream, message.bytes);
        break;
      case 'file':
        if (message.id === this.#id) {
          this.#keepFile(message.path, message.bytes);
        }
        this.#listener.file(message.path, message.bytes, message.id);
        break;
      case 'answer': {
        const question = this.#questions.get(message.id);
        this.#questions.delete(message.id);
        if (message.error === '') {
          question?.resolve(message.value);
        } else {
          question?.reject(new Error(message.error));
        }
      }
    }
  }

  #show(status: Status, frame: Frame | null) {
    this.#status = status;
    if (frame !== null) {
      this.#listener.shown(frame);
    }
    this.#listener.status(status);
  }

  // --- time -----------------------------------------------------------------------------------

  /** The monitor's pace while the page is seen; a hidden page gets no such calls, but may sing. */
  #schedule() {
    this.#cancelTick();
    if (this.#paused || this.#worker === null) {
      return;
    }
    const go = () => {
      this.#schedule();
      this.#tick(performance.now());
    };
    if (document.visibilityState === 'visible') {
      const id = requestAnimationFrame(go);
      // Nobody calls when the page is hidden meanwhile.
      const timer = setTimeout(go, Pacer.kLongestMs);
      this.#cancelTick = () => {
        cancelAnimationFrame(id);
        clearTimeout(timer);
      };
    } else {
      const timer = setTimeout(go, 1000 / Pacer.kFrameRate);
      this.#cancelTick = () => clearTimeout(timer);
    }
  }

  #tick(now: number) {
    if (this.#waitingSince !== null) {
      this.#setBusy(now - this.#waitingSince > Player.kBusyMs);
      return;
    }
    if (!this.#status.running) {
      this.#pacer.restart();
      return;
    }
    const frames = this.#pacer.due(now);
    if (frames > 0) {
      this.#waitingSince = now;
      this.#sendTick(frames);
    }
  }

  #sendTick(frames: number) {
    const buffer = this.#spare;
    this.#spare = null;
    this.#send({ type: 'tick', frames, buffer }, buffer === null ? [] : [buffer]);
  }
}
