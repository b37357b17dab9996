/** The page: what is on it, and how its parts know of each other. */
import { define, type LeveretElement } from '../../player/src/define';
import { type Assets, Player } from '../../player/src/player';
import type { EngineInfo } from '../../player/src/protocol';
import { ConsolePanel } from './console_panel';
import { includes, kDemos } from './demos';
import { byId, make, message, notice } from './elements';
import { Editor } from './editor';
import { FilesPanel } from './files_panel';
import { choiceIn, launcherFiles } from './launcher';
import { Library, type Program } from './library';
import { Race } from './race';
import { kLongestLink, linkTo, unpack, wanted } from './share';
import { States } from './states';
import type { Storage } from './storage';
import { Tabs } from './tabs';
import { Toolbar } from './toolbar';

/** A Worker of its own for whoever wants to be undisturbed by the program. */
function helper(parts: Assets, engines: (engines: EngineInfo[]) => void = () => {}): Player {
  const ignore = () => {};
  return new Player(parts, {
    engines,
    loaded: ignore,
    shown: ignore,
    status: ignore,
    console: ignore,
    file: ignore,
    problem: (text) => notice(text),
    busy: ignore,
  });
}

const kSaveSourceMs = 400;
/** After the start, which is not to wait for it. */
const kOfflineMs = 1000;

class Page {
  readonly #player: LeveretElement;
  readonly #storage: Storage;
  readonly #library: Library;
  readonly #tabs: Tabs;
  readonly #console: ConsolePanel;
  readonly #files: FilesPanel;
  readonly #states: States;
  readonly #editor: Editor;
  readonly #picker = byId<HTMLSelectElement>('programs');
  #program: Program;
  /** What the launcher's entries stand for. */
  #ids: string[][] = [];
  /** Where the program is from, if that is an address that others can use too. */
  #address = '';
  #openedConsole = false;
  #saveTimer = 0;

  constructor(player: LeveretElement, parts: Assets, storage: Storage) {
    this.#player = player;
    this.#storage = storage;
    this.#library = new Library(storage);
    this.#program = this.#library.launcher();
    this.#tabs = new Tabs((tool) => {
      if (tool === 'source') {
        void this.#showSource();
      }
    });
    this.#console = new ConsolePanel(player);
    this.#files = new FilesPanel(player, (path, bytes) => this.#keepFile(this.#program.key, path, bytes));
    this.#states = new States(player, this.#storage);
    new Toolbar(player, this.#states, () => this.#program.name, () => this.#tabs.show('help', true));
    const assembler = helper(parts);
    this.#editor = new Editor(
      {
        assemble: async (source, name) => {
          const files = new Map([...(await includes()), ...player.files]);
          files.set(name, new TextEncoder().encode(source));
          return assembler.ask({ what: 'assemble', files, main: name });
        },
      },
      (rom, name) => void this.run(this.#library.source(this.#editor.source, name, rom), { keepsEditor: true }),
      () => this.#sourceChanged(),
    );
    new Race((engines) => helper(parts, engines));
    this.#listen();
  }

  // --- programs -------------------------------------------------------------------------------

  async run(program: Program, { keepsEditor = false, history = true } = {}): Promise<void> {
    const sameAsBefore = this.#program.id === program.id;
    this.#program = program;
    this.#openedConsole = false;
    document.body.classList.toggle('terminal', program.terminalOnly);
    this.#console.clear();
    document.title = program.id === 'launcher' ? 'Leveret' : `${program.title} – Leveret`;
    if (history && !sameAsBefore) {
      this.#remember(program.id);
    }
    const launcher = program.id === 'launcher';
    let files: Map<string, Uint8Array>;
    if (launcher) {
      const { lists, ids } = await this.#library.lists();
      this.#ids = ids;
      files = launcherFiles(lists, lists[0]!.entries.length > 0 ? 0 : 2);
    } else {
      files = await this.#storage.list<Uint8Array>('files', program.key);
    }
    this.#states.setProgram(program.key, program.name);
    if (!keepsEditor) {
      this.#player.focus({ preventScroll: true });
    }
    if (program.rom !== null) {
      try {
        await this.#player.load(program.rom, { files, id: program.key });
        this.#player.paused = false;
      } catch {
        // The player says so itself.
      }
    }
    this.#files.program = program.name;
    if (!launcher) {
      await this.#keepProgram(program);
    }
    await this.#fillPicker();
    if (!keepsEditor && this.#tabs.current === 'source') {
      await this.#showSource();
    }
  }

  async #keepProgram(program: Program) {
    const source = program.id.startsWith('source:') ? await program.source() : null;
    await this.#library.keep(program.id, {
      name: program.name,
      rom: program.id.startsWith('rom:') ? program.rom : null,
      source,
      description: this.#player.about?.description ?? '',
    });
  }

  /** One that was opened before, or comes with the page. */
  async open(id: string, history = true): Promise<void> {
    this.#address = '';
    if (id === 'launcher') {
      return this.run(this.#library.launcher(), { history });
    }
    const demo = id.startsWith('demo:') ? this.#library.demo(id.slice('demo:'.length)) : null;
    if (demo !== null) {
      return this.run(demo, { history });
    }
    const kept = await this.#library.kept(id);
    if (kept?.rom) {
      return this.run(this.#library.rom(kept.rom, kept.name), { history });
    }
    if (kept?.source != null) {
      return this.openSource(kept.source, kept.name, history);
    }
    notice('This program is not in this browser any more.', true);
    return this.run(this.#library.launcher(), { history });
  }

  /** Shows a source, and runs it if it has no mistake. */
  async openSource(source: string, name: string, history = true): Promise<void> {
    const program = this.#library.source(source, name, null);
    if (this.#program.id !== program.id) {
      this.#player.stop('Nothing runs as long as the source has mistakes.');
      this.#program = program;
      if (history) {
        this.#remember(program.id);
      }
    }
    await this.#library.keep(program.id, { name, rom: null, source, description: '' });
    this.#editor.open(source, name);
    this.#tabs.show('source');
    await this.#fillPicker();
    await this.#editor.run();
  }

  async openFile(file: File): Promise<void> {
    this.#address = '';
    try {
      if (/\.tal$/i.test(file.name)) {
        const source = await file.text();
        await this.openSource(source, await this.#library.freeName(file.name));
      } else {
        const rom = new Uint8Array(await file.slice(0, 2 << 20).arrayBuffer());
        await this.run(this.#library.rom(rom, file.name));
      }
    } catch (error) {
      notice(`“${file.name}” could not be read: ${message(error)}`);
    }
  }

  /** What the address of the page asks for. */
  async openWanted(): Promise<void> {
    const want = wanted(location);
    try {
      switch (want.what) {
        case 'nothing': {
          const id = new URLSearchParams(location.search).get('program');
          return await this.open(id ?? 'launcher', false);
        }
        case 'demo':
          return await this.open(`demo:${want.name}`, false);
        case 'address':
          return await this.#openAddress(want.address);
        default: {
          const bytes = await unpack(want.packed);
          const name = want.name || (want.what === 'rom' ? 'program.rom' : 'program.tal');
          return want.what === 'rom'
            ? await this.run(this.#library.rom(bytes, name))
            : await this.openSource(new TextDecoder().decode(bytes), await this.#sourceName(name, bytes));
        }
      }
    } catch (error) {
      notice(`This link does not work: ${message(error)}.`, true);
      await this.open('launcher');
    }
  }

  /** The name of that very source if it is known; else one that is free. */
  async #sourceName(name: string, bytes: Uint8Array): Promise<string> {
    const kept = await this.#library.kept(`source:${name}`);
    return kept?.source === new TextDecoder().decode(bytes) ? name : this.#library.freeName(name);
  }

  async #openAddress(address: string): Promise<void> {
    let response: Response;
    try {
      response = await fetch(address);
    } catch {
      throw new Error(`${address} gives no answer, or none that this page may read`);
    }
    if (!response.ok) {
      throw new Error(`${address} is not there (${response.status})`);
    }
    const blob = await response.blob();
    const link = location.href; // which changes when the program is opened
    const name = decodeURIComponent(new URL(address, location.href).pathname.split('/').at(-1) || 'program.rom');
    await this.openFile(new File([blob], name));
    this.#address = link;
  }

  #remember(id: string) {
    const query = id === 'launcher' ? '' : id.startsWith('demo:') ? `?demo=${id.slice(5)}` : `?program=${encodeURIComponent(id)}`;
    history.pushState(null, '', `${location.pathname}${query}`);
  }

  // --- the panels -----------------------------------------------------------------------------

  async #fillPicker() {
    const recent = await this.#library.recent();
    const own = recent.filter(([, { rom, source }]) => rom !== null || source !== null);
    const option = (value: string, text: string) => make('option', { value, textContent: text });
    const group = (label: string, ...options: HTMLOptionElement[]) => make('optgroup', { label }, ...options);
    this.#picker.replaceChildren(
      option('launcher', 'All programs'),
      ...(own.length > 0 ? [group('Yours', ...own.map(([id, { name }]) => option(id, name)))] : []),
      group('Demos', ...kDemos.map(({ name, title }) => option(`demo:${name}`, title))),
      group('Write one', option('new', 'New source')),
    );
    this.#picker.value = this.#program.id;
  }

  async #showSource() {
    const source = await this.#program.source();
    const { id, name } = this.#program;
    if (id.startsWith('source:') && this.#editor.name === name) {
      return; // it is there, perhaps further than what runs
    }
    if (source === null) {
      this.#editor.open(`( There is no source of ${name}, which is a ROM. )\n`, await this.#library.freeName('program.tal'));
    } else {
      this.#editor.open(source, await this.#library.freeName(name));
    }
  }

  #sourceChanged() {
    const { source, name } = this.#editor;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = window.setTimeout(
      () => void this.#library.keep(`source:${name}`, { name, rom: null, source, description: '' }),
      kSaveSourceMs,
    );
  }

  #keepFile(key: string, path: string, bytes: Uint8Array | null) {
    void this.#storage.put('files', key, path, bytes);
  }

  /** The source that is seen is not that of the program. */
  async #isEdited(): Promise<boolean> {
    const source = await this.#program.source();
    return this.#tabs.current === 'source' && source !== null && source !== this.#editor.source;
  }

  async #share() {
    try {
      const { id, name, rom } = this.#program;
      let link = this.#address;
      if (link === '') {
        link = new URL(location.pathname, location.href).href;
        if (id.startsWith('source:') || (await this.#isEdited())) {
          link += await linkTo('source', this.#editor.name, new TextEncoder().encode(this.#editor.source));
        } else if (id.startsWith('demo:')) {
          link += `?demo=${id.slice('demo:'.length)}`;
        } else if (id !== 'launcher' && rom !== null) {
          link += await linkTo('rom', name, rom);
        }
      }
      if (link.length > kLongestLink) {
        notice('This program is too large for a link. “leveret export web” makes a page of it.');
        return;
      }
      try {
        await navigator.clipboard.writeText(link);
        notice('The link is in the clipboard.');
      } catch {
        notice(link, true);
      }
    } catch (error) {
      notice(`There is no link: ${message(error)}`);
    }
  }

  /** A program that prints: if that is all it does, the console is what there is to see. */
  #showConsole() {
    document.body.classList.toggle('terminal', this.#program.terminalOnly || this.#player.blank);
    if (!this.#openedConsole && this.#tabs.current === null) {
      this.#tabs.show('console');
    }
    this.#openedConsole = true;
  }

  #listen() {
    const player = this.#player;
    player.addEventListener('file', ({ detail: { path, bytes, id } }) => {
      if (id !== 'launcher') {
        this.#keepFile(id, path, bytes);
        return;
      }
      const choice = path === 'choice' && bytes !== null && this.#program.id === 'launcher' ? choiceIn(bytes) : null;
      const chosen = choice === null ? undefined : this.#ids[choice.list]?.[choice.entry];
      if (chosen !== undefined) {
        void this.open(chosen);
      }
    });
    player.addEventListener('console', () => this.#showConsole());
    player.addEventListener('load', () => this.#fillEngines());
    player.addEventListener('problem', ({ detail }) => {
      if (detail.message.startsWith('There is no sound')) {
        notice(detail.message);
      }
    });
    this.#picker.addEventListener('change', () => {
      const id = this.#picker.value;
      void (id === 'new' ? this.#newSource() : this.open(id));
    });
    byId<HTMLAnchorElement>('brand').addEventListener('click', (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        void this.open('launcher');
      }
    });
    byId('share').addEventListener('click', () => void this.#share());
    const input = byId<HTMLInputElement>('file');
    byId('open').addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      void this.take([...(input.files ?? [])]);
      input.value = '';
    });
    addEventListener('popstate', () => void this.openWanted());
    addEventListener('hashchange', () => void this.openWanted());
    this.#listenToDrops();
    const engine = byId<HTMLSelectElement>('engine');
    engine.addEventListener('change', () => {
      player.setAttribute('engine', engine.value);
      this.#fillEngines();
    });
  }

  /** Files of the user's computer: a program runs, others are given to it. */
  async take(files: File[]): Promise<void> {
    const program = files.find(({ name }) => /\.(rom|tal)$/i.test(name));
    if (program !== undefined) {
      await this.openFile(program);
    }
    const others = files.filter((file) => file !== program);
    if (others.length > 0) {
      await this.#files.add(others);
      this.#tabs.show('files');
    }
  }

  #listenToDrops() {
    const drop = byId('drop');
    const has = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    addEventListener('dragover', (event) => {
      if (has(event)) {
        event.preventDefault();
        drop.hidden = false;
      }
    });
    addEventListener('dragleave', (event) => {
      drop.hidden ||= event.relatedTarget === null;
    });
    addEventListener('drop', (event) => {
      drop.hidden = true;
      if (has(event)) {
        event.preventDefault();
        void this.take([...(event.dataTransfer?.files ?? [])]);
      }
    });
  }

  async #newSource() {
    const name = await this.#library.freeName('program.tal');
    await this.openSource(kNewSource, name);
  }

  #fillEngines() {
    const select = byId<HTMLSelectElement>('engine');
    const chosen = this.#player.getAttribute('engine') ?? 'auto';
    const engines = this.#player.engines;
    select.replaceChildren(
      make('option', { value: 'auto', textContent: 'the fastest' }),
      ...engines.map(({ name, whyNot }) => make('option', { value: name, textContent: name, disabled: whyNot !== '' })),
    );
    select.value = chosen;
    const about = engines.find(({ name }) => name === chosen);
    byId('engine-about').textContent = about?.summary ?? '';
  }
}

const kNewSource = `( Draws a line of dots, one a frame. docs: wiki.xxiivv.com/site/uxntal.html )

|00 @System &vector $2 &expansion $2 &wst $1 &rst $1 &metadata $2 &r $2 &g $2 &b $2
|20 @Screen &vector $2 &width $2 &height $2 &auto $1 &pad $1 &x $2 &y $2 &addr $2 &pixel $1 &sprite $1

|100 ( -> )
	#4f9c .System/r DEO2
	#2a7d .System/g DEO2
	#1b5a .System/b DEO2
	#00a0 .Screen/y DEO2
	#01 .Screen/auto DEO
	;on-frame .Screen/vector DEO2
	BRK

@on-frame ( -> )
	#01 .Screen/pixel DEO
	BRK
`;

function keepOffline() {
  if (import.meta.env.PROD && 'serviceWorker' in navigator && location.protocol.startsWith('http')) {
    navigator.serviceWorker.register('./service_worker.js').catch(() => {
      // Then the page needs its network; nothing else depends on it.
    });
  }
}

/** Everything, from the moment on that the browser is known to be up to it. */
export function showPage(parts: Assets, storage: Storage) {
  const LeveretPlayer = define(parts);
  const player = new LeveretPlayer();
  const placeholder = byId('start');
  const show = () => {
    placeholder.remove();
    player.hidden = false;
    player.focus({ preventScroll: true });
  };
  player.addEventListener('load', show, { once: true });
  player.addEventListener('problem', show, { once: true });
  player.onframe = () => {
    performance.mark('first-picture');
    player.onframe = null;
  };
  player.hidden = true;
  player.id = 'player';
  placeholder.after(player);
  document.querySelector<HTMLElement>('.toolbar')!.hidden = false;
  const page = new Page(player, parts, storage);
  void page.openWanted();
  // Later: it fetches everything once more.
  setTimeout(keepOffline, kOfflineMs);
}
