/** `<leveret-player src="program.rom">`: README.md beside this folder describes it. */
import type { Assembled } from './computer';
import { Controls, keyNamed, typing } from './controls';
import { type Assets, kMaxRomSize, type LoadOptions, Player } from './player';
import type { About, EngineInfo, Files, Frame, Input, Status, Stream } from './protocol';
import { Screen } from './screen';
import { Sound } from './sound';
import { kStyle } from './style';
import { TouchPad } from './touch_pad';

export interface PlayerEventMap {
  /** A program has been loaded and its reset vector has run. */
  load: CustomEvent<About | null>;
  console: CustomEvent<{ stream: Stream; bytes: Uint8Array }>;
  /** A file was written, as a whole, or removed: then `bytes` is null. */
  file: CustomEvent<{ path: string; bytes: Uint8Array | null; id: string }>;
  /** It runs, pauses, is restarted. */
  statechange: CustomEvent<null>;
  end: CustomEvent<{ exitCode: number }>;
  /** A vector takes longer than a second, or has come to its end after all. */
  busy: CustomEvent<{ busy: boolean }>;
  /** Something does not work: for people to read. */
  problem: CustomEvent<{ message: string }>;
}

const kPixelsPerLine = 100;

/** A program as an address, or its bytes. */
export type Program = string | URL | Blob | ArrayBuffer | Uint8Array;

function isSource(name: string): boolean {
  return /\.tal$/i.test(name);
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export abstract class LeveretElement extends HTMLElement {
  static readonly observedAttributes = ['src', 'engine', 'muted', 'paused', 'speed', 'zoom', 'pad', 'label'];

  /** Is shown each picture, right after it is on the screen; it must not keep the pixels. */
  onframe: ((picture: ImageData) => void) | null = null;

  readonly #assets: Assets;
  readonly #controls = new Controls();
  readonly #touchPad: TouchPad;
  readonly #screen: Screen;
  readonly #frame = document.createElement('div');
  readonly #stage = document.createElement('div');
  readonly #keys = document.createElement('textarea');
  readonly #keyboard = document.createElement('button');
  readonly #message = document.createElement('div');
  readonly #coarse = matchMedia('(pointer: coarse)');
  #player: Player;
  #sound: Sound;
  #engines: EngineInfo[] = [];
  #about: About | null = null;
  /** Tab is the program's as soon as the program is used; until then it leads past the player. */
  #used = false;
  #wasRunning = false;
  #polling = 0;

  constructor(assets: Assets) {
    super();
    this.#assets = assets;
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(kStyle);
    root.adoptedStyleSheets = [sheet];

    this.#frame.className = 'frame';
    this.#stage.className = 'stage';
    this.#screen = new Screen(this.#stage);
    this.#screen.canvas.setAttribute('role', 'img');
    this.#keys.setAttribute('autocapitalize', 'off');
    this.#keys.setAttribute('autocomplete', 'off');
    this.#keys.setAttribute('autocorrect', 'off');
    this.#keys.spellcheck = false;
    this.#keys.inputMode = 'none';
    this.#message.className = 'message';
    this.#message.setAttribute('part', 'message');
    this.#message.setAttribute('role', 'alert');
    this.#message.hidden = true;
    this.#stage.append(this.#keys, this.#message);
    this.#touchPad = new TouchPad((held) => this.#fromUser(...this.#controls.touch(held)));
    this.#keyboard.className = 'keyboard';
    this.#keyboard.setAttribute('part', 'keyboard');
    this.#keyboard.type = 'button';
    this.#keyboard.textContent = '⌨';
    this.#keyboard.setAttribute('aria-label', 'Keyboard');
    this.#keyboard.addEventListener('click', () => this.showKeyboard());
    this.#frame.append(this.#stage, this.#touchPad.directions, this.#keyboard, this.#touchPad.buttons);
    root.append(this.#frame);

    this.#sound = this.#newSound();
    this.#player = this.#newPlayer();
    this.#listen();
    this.#describe();
    this.#showPads();
  }

  // --- what a page may ask for ----------------------------------------------------------------

  get src(): string {
    return this.getAttribute('src') ?? '';
  }
  set src(src: string) {
    this.setAttribute('src', src);
  }

  /**
   * Runs a program; resolves when its reset vector has run. A source (a name that ends in .tal) is
   * assembled, with `files` as what it may include. Errors: with a message for people.
   */
  async load(program: Program, options: LoadOptions & { name?: string } = {}): Promise<void> {
    try {
      let rom = await this.#bytesOf(program);
      const name = options.name ?? (typeof program === 'string' ? program : 'name' in program ? String(program.name) : '');
      if (isSource(name.replace(/[?#].*$/, ''))) {
        const assembled = await this.assemble(rom, options.files);
        if (assembled.rom === null) {
          throw new Error(assembled.text);
        }
        rom = assembled.rom;
      }
      this.#hideMessage();
      this.#used = false;
      this.#screen.clear();
      await this.#player.load(rom, options);
    } catch (error) {
      this.#problem(text(error));
      throw error;
    }
  }

  /** Assembles Uxntal: one source, or `main` among files. A mistake in it is no error here. */
  assemble(source: string | Uint8Array, files: Files = new Map(), main = 'program.tal'): Promise<Assembled> {
    const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
    return this.#player.ask({ what: 'assemble', files: new Map([...files, [main, bytes]]), main });
  }

  /** Starts the program again, with the files as they are; soft: also with its zero page. */
  reset({ soft = false } = {}): void {
    this.#hideMessage();
    this.#player.reset(soft);
  }
  /** Ends it, whatever it does; the message, if there is one, is shown in its place. */
  stop(message = ''): void {
    this.#player.stop();
    if (message !== '') {
      this.#screen.clear();
      this.#say(message);
    }
  }

  pause(): void {
    this.paused = true;
  }
  play(): void {
    this.paused = false;
  }
  get paused(): boolean {
    return this.hasAttribute('paused');
  }
  set paused(paused: boolean) {
    this.toggleAttribute('paused', paused);
  }
  /** Lets frames pass while it is paused. */
  step(frames = 1): Promise<void> {
    return this.#player.step(frames);
  }
  /** From 0.1 to 16; 1 is 60 frames a second. */
  get speed(): number {
    return this.#player.speed;
  }
  set speed(speed: number) {
    this.setAttribute('speed', String(speed));
  }
  get muted(): boolean {
    return this.hasAttribute('muted');
  }
  set muted(muted: boolean) {
    this.toggleAttribute('muted', muted);
  }
  /** From 0 to 1. */
  set volume(volume: number) {
    this.#sound.volume = volume;
  }

  get engines(): readonly EngineInfo[] {
    return this.#engines;
  }
  /** What the program says of itself. */
  get about(): About | null {
    return this.#about;
  }
  get rom(): Uint8Array | null {
    return this.#player.rom;
  }
  get running(): boolean {
    return this.#player.status.running;
  }
  get exitCode(): number {
    return this.#player.status.exitCode;
  }
  /** Nothing has been shown yet but one colour. */
  get blank(): boolean {
    return this.#screen.blank;
  }
  /** A vector has been running for more than a second. */
  get busy(): boolean {
    return this.#player.busy;
  }

  /** The whole computer in a file of Leveret's own format. */
  saveState(): Promise<Uint8Array> {
    return this.#player.saveState();
  }
  async loadState(state: Uint8Array): Promise<void> {
    await this.#player.loadState(state);
    this.#hideMessage();
  }

  get files(): ReadonlyMap<string, Uint8Array> {
    return this.#player.files;
  }
  /** Puts a file where the program finds it; null takes it away. */
  putFile(path: string, bytes: Uint8Array | null): void {
    this.#player.putFile(path, bytes);
  }

  /** Whatever happens to the program from outside. What a user does while it is paused is left out; this is not. */
  send(...inputs: Input[]): void {
    this.#player.send(...inputs);
  }
  /** Types a text. */
  type(typed: string): void {
    this.send(...typing(typed));
  }
  /** Something on the program's standard input. */
  input(line: string | Uint8Array): void {
    const bytes = typeof line === 'string' ? new TextEncoder().encode(line) : line;
    this.send({ kind: 'input', bytes });
  }
  endInput(): void {
    this.send({ kind: 'input-end' });
  }

  /** The picture as a PNG file, pixel by pixel. */
  screenshot(): Promise<Blob> {
    return new Promise((resolve, reject) =>
      this.#screen.canvas.toBlob((blob) => {
        if (blob === null) {
          reject(new Error('The browser could not make a picture.'));
        } else {
          resolve(blob);
        }
      }, 'image/png'),
    );
  }

  /** On phones: shows the keyboard of the system. */
  showKeyboard(): void {
    this.#keys.inputMode = 'text';
    this.#keys.blur();
    this.#keys.focus({ preventScroll: true });
  }

  // --- as an element --------------------------------------------------------------------------

  connectedCallback() {
    this.#player.prepare();
    this.#poll();
  }
  disconnectedCallback() {
    cancelAnimationFrame(this.#polling);
    // Not when it is only moved to another place.
    queueMicrotask(() => {
      if (!this.isConnected) {
        this.#player.close();
        this.#sound.close();
        this.#sound = this.#newSound();
        this.#player = this.#newPlayer();
      }
    });
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null) {
    if (before === now) {
      return;
    }
    switch (name) {
      case 'src':
        if (now) {
          void this.load(now).catch(() => {});
        }
        break;
      case 'engine':
        this.#player.engine = now ?? 'auto';
        break;
      case 'muted':
        this.#sound.volume = now === null ? 1 : 0;
        break;
      case 'paused':
        if (now === null) {
          this.#player.resume();
        } else {
          this.#fromUser(...this.#controls.letGo());
          this.#player.pause();
        }
        this.#dispatch('statechange', null);
        break;
      case 'speed':
        this.#player.speed = Number(now ?? 1) || 1;
        this.#dispatch('statechange', null);
        break;
      case 'zoom':
        this.#screen.zoom = Math.max(0, Math.floor(Number(now ?? 0)) || 0);
        break;
      case 'pad':
        this.#showPads();
        break;
      case 'label':
        this.#describe();
    }
  }

  override addEventListener<K extends keyof PlayerEventMap>(
    type: K,
    listener: (event: PlayerEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(type: string, listener: unknown, options?: boolean | AddEventListenerOptions): void {
    super.addEventListener(type, listener as EventListener, options);
  }

  // --- inside ---------------------------------------------------------------------------------

  #dispatch<K extends keyof PlayerEventMap>(type: K, detail: PlayerEventMap[K]['detail']) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Keys that go up do so at any time: a program that goes on finds nothing held. */
  #fromUser(...inputs: Input[]) {
    const allowed = ({ kind }: Input) => !this.paused || kind === 'release' || kind === 'mouse-release';
    this.#player.send(...inputs.filter(allowed));
  }

  #newSound(): Sound {
    return new Sound(this.#assets.soundModule(), (message) => this.#dispatch('problem', { message }));
  }

  #newPlayer(): Player {
    const player = new Player(this.#assets, {
      engines: (engines) => {
        this.#engines = engines;
      },
      loaded: (about) => {
        this.#about = about;
        this.#wasRunning = true;
        this.#describe();
        this.#dispatch('load', about);
      },
      shown: (frame) => this.#show(frame),
      status: (status) => this.#note(status),
      console: (stream, bytes) => this.#dispatch('console', { stream, bytes }),
      file: (path, bytes, id) => this.#dispatch('file', { path, bytes, id }),
      problem: (message) => this.#problem(message),
      busy: (busy) => {
        if (busy) {
          this.#say('The program is computing, and does not answer.', 'Start it again');
        } else {
          this.#hideMessage();
        }
        this.#dispatch('busy', { busy });
      },
    });
    player.soundSource = () => this.#sound.connect();
    player.engine = this.getAttribute('engine') ?? 'auto';
    player.speed = Number(this.getAttribute('speed') ?? 1) || 1;
    if (this.paused) {
      player.pause();
    }
    return player;
  }

  async #bytesOf(program: Program): Promise<Uint8Array> {
    if (program instanceof Uint8Array) {
      return program;
    }
    if (program instanceof ArrayBuffer) {
      return new Uint8Array(program);
    }
    if (program instanceof Blob) {
      // A source may be longer than a ROM; what is far beyond both is not even read.
      if (program.size > 16 * kMaxRomSize) {
        throw new Error('This is no program: it is far too large.');
      }
      return new Uint8Array(await program.arrayBuffer());
    }
    let response: Response;
    try {
      response = await fetch(program);
    } catch {
      throw new Error(`The program could not be fetched from ${program}: no answer, or not allowed from this page.`);
    }
    if (!response.ok) {
      throw new Error(`The program could not be fetched from ${program}: ${response.status} ${response.statusText}`);
    }
    return this.#bytesOf(await response.blob());
  }

  #show(frame: Frame) {
    const picture = this.#screen.show(frame);
    this.onframe?.(picture);
    this.#player.giveBack(frame.buffer);
  }

  #note(status: Status) {
    this.#screen.canvas.style.cursor = status.hidesPointer ? 'none' : '';
    if (status.usesSound && navigator.userActivation?.hasBeenActive) {
      this.#hear();
    }
    if (this.#wasRunning === status.running) {
      return;
    }
    this.#wasRunning = status.running;
    if (!status.running) {
      this.#say(
        status.exitCode === 0 ? 'The program has ended.' : `The program has ended with exit code ${status.exitCode}.`,
        'Start it again',
      );
      this.#dispatch('end', { exitCode: status.exitCode });
    } else {
      this.#hideMessage();
    }
    this.#dispatch('statechange', null);
  }

  #hear() {
    void this.#sound.resume().then((opened) => {
      if (opened) {
        this.#player.soundOpened();
      }
    });
  }

  #say(message: string, action = '') {
    const paragraph = document.createElement('p');
    paragraph.textContent = message;
    this.#message.replaceChildren(paragraph);
    if (action !== '') {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = action;
      button.addEventListener('click', () => {
        this.reset();
        this.focus();
      });
      this.#message.append(button);
    }
    this.#message.hidden = false;
  }
  #hideMessage() {
    this.#message.hidden = true;
  }
  #problem(message: string) {
    this.#say(message);
    this.#dispatch('problem', { message });
  }

  #describe() {
    const name = this.getAttribute('label') ?? (this.#about?.title || 'Varvara program');
    this.#screen.canvas.setAttribute('aria-label', `${name}: screen`);
    this.#keys.setAttribute(
      'aria-label',
      `${name}: keys go to the program. Tab leads past it until it is used; then Shift-Tab leaves it.`,
    );
  }

  #showPads() {
    const wanted = this.getAttribute('pad') ?? 'auto';
    const shown = wanted === 'on' || (wanted !== 'off' && this.#coarse.matches);
    this.#frame.classList.toggle('pads', shown);
    this.#touchPad.directions.hidden = !shown;
    this.#touchPad.buttons.hidden = !shown;
    this.#keyboard.hidden = !shown;
    if (!shown) {
      this.#touchPad.letGo();
    }
  }

  #poll() {
    const again = () => {
      this.#polling = requestAnimationFrame(again);
      if (this.running && document.hasFocus()) {
        this.#fromUser(...this.#controls.gamepads(navigator.getGamepads()));
      }
    };
    cancelAnimationFrame(this.#polling);
    if (typeof navigator.getGamepads === 'function') {
      this.#polling = requestAnimationFrame(again);
    }
  }

  #gesture() {
    if (this.#player.status.usesSound) {
      this.#hear();
    }
  }

  #listen() {
    this.#coarse.addEventListener('change', () => this.#showPads());
    this.#listenToKeys();
    this.#listenToPointer();
  }

  #listenToKeys() {
    const keys = this.#keys;
    keys.addEventListener('keydown', (event) => {
      this.#gesture();
      const tab = event.key === 'Tab';
      if (tab && (event.shiftKey || !this.#used)) {
        this.#used = false;
        return;
      }
      if ((event.code === 'Insert' && event.shiftKey) || (event.code === 'KeyV' && event.ctrlKey && event.shiftKey)) {
        return; // a paste comes of it
      }
      const inputs = this.#controls.keyDown(event);
      if (inputs !== null) {
        event.preventDefault();
        this.#used ||= event.key !== 'Shift';
        this.#fromUser(...inputs);
      }
    });
    keys.addEventListener('keyup', (event) => this.#fromUser(...this.#controls.keyUp(event)));
    keys.addEventListener('blur', () => {
      keys.inputMode = 'none';
      this.#fromUser(...this.#controls.letGo());
    });
    keys.addEventListener('focus', () => this.#prepare());
    keys.addEventListener('paste', (event) => {
      event.preventDefault();
      this.#fromUser(...typing(event.clipboardData?.getData('text') ?? ''));
    });
    // What keyboards on screens and input methods bring.
    keys.addEventListener('beforeinput', (event) => {
      if (event.isComposing) {
        return;
      }
      event.preventDefault();
      if (event.inputType.startsWith('deleteContentBackward')) {
        this.#fromUser(...keyNamed('Backspace'));
      } else if (event.inputType === 'insertLineBreak' || event.inputType === 'insertParagraph') {
        this.#fromUser(...keyNamed('Enter'));
      } else {
        this.#fromUser(...typing(event.data ?? ''));
      }
    });
    keys.addEventListener('compositionend', (event) => {
      this.#fromUser(...typing(event.data));
      this.#prepare();
    });
  }

  /** Something to delete, or keyboards on screens would keep Backspace to themselves. */
  #prepare() {
    this.#keys.value = ' ';
    this.#keys.setSelectionRange(1, 1);
  }

  #listenToPointer() {
    const canvas = this.#screen.canvas;
    const point = (event: PointerEvent, buttons: number) => {
      const { x, y } = this.#screen.pixelAt(event);
      this.#fromUser(...this.#controls.mouse(x, y, buttons));
    };
    canvas.addEventListener('pointerdown', (event) => {
      if (!event.isPrimary) {
        return;
      }
      this.#gesture();
      this.#used = true;
      this.#keys.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      point(event, event.buttons);
    });
    for (const type of ['pointermove', 'pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(type, (event) => {
        if (event.isPrimary) {
          point(event, type === 'pointercancel' ? 0 : event.buttons);
        }
        if (type === 'pointerup') {
          this.#gesture();
        }
      });
    }
    // The keys stay here, and the browser's own ideas of a drag or a long touch stay away.
    for (const type of ['mousedown', 'contextmenu', 'dragstart']) {
      canvas.addEventListener(type, (event) => event.preventDefault());
    }
    canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? kPixelsPerLine : 1;
        this.#fromUser(...this.#controls.wheel(event.deltaX / unit, event.deltaY / unit));
      },
      { passive: false },
    );
  }
}
