/** The row of buttons below the screen, and the keys that do the same: docs/keys.md. */
import type { LeveretElement } from '../../player/src/element';
import { byId, dated, download, make, message, notice } from './elements';
import type { States } from './states';

const kSpeeds = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 8, 16];
const kRemembered = 'leveret';

interface Remembered {
  muted?: boolean;
  pad?: boolean;
}

/** Small matters, where the browser allows it. */
function remembered(): Remembered {
  try {
    return JSON.parse(localStorage.getItem(kRemembered) ?? '{}') as Remembered;
  } catch {
    return {};
  }
}
function remember(what: Remembered) {
  try {
    localStorage.setItem(kRemembered, JSON.stringify({ ...remembered(), ...what }));
  } catch {
    // It is for convenience only.
  }
}

interface Action {
  /** As in docs/keys.md. */
  keys: string;
  about: string;
  act(): void;
}

export class Toolbar {
  readonly #player: LeveretElement;
  readonly #speed = byId<HTMLSelectElement>('speed');
  readonly #name: () => string;

  /** name: of the program, for files that are saved. */
  constructor(player: LeveretElement, states: States, name: () => string, showHelp: () => void) {
    this.#player = player;
    this.#name = name;
    for (const speed of kSpeeds) {
      this.#speed.append(make('option', { value: String(speed), textContent: `${speed}×` }));
    }
    this.#speed.value = '1';
    this.#speed.addEventListener('change', () => {
      player.speed = Number(this.#speed.value);
    });
    const actions: Action[] = [
      { keys: 'F4', about: 'restart', act: () => player.reset() },
      { keys: 'Shift-F4', about: 'restart, keep the zero page', act: () => player.reset({ soft: true }) },
      { keys: 'F6', about: 'pause, go on', act: () => this.#togglePause() },
      { keys: 'F7', about: 'next frame', act: () => this.#step() },
      { keys: 'F9', about: 'save a picture', act: () => void this.#screenshot() },
      { keys: 'F11', about: 'full screen', act: () => this.#fullScreen() },
      { keys: 'Shift-F1', about: 'slower', act: () => this.#changeSpeed(-1) },
      { keys: 'Shift-F2', about: 'faster', act: () => this.#changeSpeed(1) },
      { keys: 'Shift-F3', about: 'normal speed', act: () => this.#changeSpeed(0) },
      { keys: 'Shift-F6', about: 'save the state', act: () => void states.save() },
      { keys: 'Shift-F7', about: 'load the state', act: () => void states.load() },
      { keys: 'Shift-F8', about: 'next slot', act: () => states.nextSlot(1) },
      { keys: 'Ctrl-Shift-F8', about: 'previous slot', act: () => states.nextSlot(-1) },
      { keys: 'Shift-F10', about: 'mute', act: () => this.#toggleMute() },
      { keys: 'Ctrl-H', about: 'these keys', act: showHelp },
    ];
    byId('pause').addEventListener('click', () => this.#togglePause());
    byId('step').addEventListener('click', () => this.#step());
    byId('reset').addEventListener('click', () => {
      player.reset();
      player.focus();
    });
    byId('mute').addEventListener('click', () => this.#toggleMute());
    byId('screenshot').addEventListener('click', () => void this.#screenshot());
    byId('full').addEventListener('click', () => this.#fullScreen());
    byId('pad').addEventListener('click', () => this.#setPad(byId('pad').getAttribute('aria-pressed') !== 'true', true));
    player.addEventListener('statechange', () => this.#show());
    this.#listen(actions);
    this.#describe(actions);
    player.muted = remembered().muted ?? false;
    this.#setPad(remembered().pad ?? matchMedia('(pointer: coarse)').matches, false);
    this.#show();
  }

  #togglePause() {
    this.#player.paused = !this.#player.paused;
    if (!this.#player.paused) {
      this.#player.focus();
    }
  }

  #step() {
    this.#player.pause();
    void this.#player.step();
  }

  /** direction: 0 is back to normal. */
  #changeSpeed(direction: number) {
    const at = kSpeeds.findIndex((speed) => speed >= this.#player.speed);
    const next = kSpeeds[Math.min(Math.max(at + direction, 0), kSpeeds.length - 1)]!;
    this.#player.speed = direction === 0 ? 1 : next;
    notice(`Speed ${this.#player.speed}×`);
  }

  #toggleMute() {
    this.#player.muted = !this.#player.muted;
    remember({ muted: this.#player.muted });
    this.#show();
  }

  #setPad(on: boolean, byUser: boolean) {
    this.#player.setAttribute('pad', on ? 'on' : 'off');
    byId('pad').setAttribute('aria-pressed', String(on));
    if (byUser) {
      remember({ pad: on });
    }
  }

  async #screenshot() {
    try {
      download(`${dated(this.#name())}.png`, await this.#player.screenshot());
    } catch (error) {
      notice(message(error));
    }
  }

  #fullScreen() {
    if (document.fullscreenElement !== null) {
      void document.exitFullscreen();
    } else if (typeof this.#player.requestFullscreen === 'function') {
      this.#player.requestFullscreen().catch(() => notice('The browser does not allow the full screen here.'));
      this.#player.focus();
    } else {
      notice('This browser has no full screen for pages.');
    }
  }

  #show() {
    const { paused, muted, speed } = this.#player;
    const set = (id: string, pressed: boolean, icon: string, label: string) => {
      const button = byId(id);
      button.setAttribute('aria-pressed', String(pressed));
      button.setAttribute('aria-label', label);
      button.querySelector('use')!.setAttribute('href', icon);
    };
    set('pause', paused, paused ? '#i-play' : '#i-pause', 'Pause');
    set('mute', muted, muted ? '#i-mute' : '#i-sound', 'Mute');
    this.#speed.value = String(kSpeeds.includes(speed) ? speed : 1);
  }

  #listen(actions: Action[]) {
    const byKeys = new Map(actions.map(({ keys, act }) => [keys, act]));
    document.addEventListener(
      'keydown',
      (event) => {
        const target = event.target as Element;
        const writing = target.matches?.('input, textarea, select') ?? false;
        if (writing && !/^F\d+$/.test(event.key)) {
          return;
        }
        const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
        const chord = `${event.ctrlKey ? 'Ctrl-' : ''}${event.altKey ? 'Alt-' : ''}${event.shiftKey ? 'Shift-' : ''}${key}`;
        const act = byKeys.get(chord);
        if (act !== undefined) {
          event.preventDefault();
          event.stopPropagation();
          act();
        }
      },
      { capture: true },
    );
  }

  #describe(actions: Action[]) {
    const fill = (id: string, rows: [string, string][]) => {
      const table = byId<HTMLTableElement>(id);
      for (const [what, keys] of rows) {
        const row = table.insertRow();
        row.insertCell().textContent = what;
        row.insertCell().textContent = keys;
      }
    };
    fill('help-keys', actions.map(({ keys, about }) => [about, keys]));
    fill('help-keys', [
      ['paste as typed', 'Shift-Insert'],
      ['run the source', 'Ctrl-Enter'],
    ]);
    fill('help-buttons', [
      ['A', 'left Ctrl; South of a pad'],
      ['B', 'left Alt; East'],
      ['Select', 'left Shift; West, Back'],
      ['Start', 'Home; North, Start'],
      ['directions', 'arrows; the cross, the left stick'],
    ]);
  }
}
