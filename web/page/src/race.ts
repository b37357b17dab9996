/** The engines against each other, as a chart: how many times as fast as `loop` each of them is. */
import type { Player } from '../../player/src/player';
import type { EngineInfo } from '../../player/src/protocol';
import { byId, make, message } from './elements';

const kRounds = 3;
const kBase = 'loop';

const sources = import.meta.glob<string>('../../../bench/programs/{fib,sieve,mandelbrot,crc32,quicksort,life}.tal', {
  query: '?raw',
  import: 'default',
});

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string | number>, text = '') {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  element.textContent = text;
  return element;
}

interface Row {
  engine: string;
  /** By program, times as fast as kBase. */
  speeds: Map<string, number>;
}

function mean(row: Row): number {
  const logarithms = [...row.speeds.values()].map(Math.log);
  return Math.exp(logarithms.reduce((sum, value) => sum + value, 0) / logarithms.length);
}

const kWidth = 360;
const kBarHeight = 14;
const kRowHeight = 19;
const kLabelWidth = 104;

/** A group of bars for each program, and one for the geometric mean. */
function chart(rows: Row[], programs: string[]): SVGElement {
  const groups = [
    ...(programs.length > 1 ? [{ title: 'geometric mean', of: mean }] : []),
    ...programs.map((title) => ({ title, of: (row: Row) => row.speeds.get(title) ?? 0 })),
  ];
  const most = Math.max(1, ...groups.flatMap(({ of }) => rows.map(of)));
  const height = groups.length * (26 + rows.length * kRowHeight + 8);
  const picture = svg('svg', { viewBox: `0 0 ${kWidth} ${height}`, role: 'img' });
  picture.append(svg('title', {}, `Speed of the engines relative to ${kBase}`));
  let y = 0;
  for (const { title, of } of groups) {
    picture.append(svg('text', { x: 0, y: y + 18, 'font-weight': 600 }, title));
    y += 26;
    for (const row of rows) {
      const speed = of(row);
      const width = Math.max(1, (speed / most) * (kWidth - kLabelWidth - 52));
      picture.append(
        svg('text', { x: 0, y: y + 12 }, row.engine),
        svg('rect', {
          x: kLabelWidth,
          y: y + 1,
          width,
          height: kBarHeight,
          rx: 3,
          class: row.engine === kBase ? 'base' : 'bar',
        }),
        svg('text', { x: kLabelWidth + width + 6, y: y + 13, class: 'value' }, `${speed.toFixed(2)} ×`),
      );
      y += kRowHeight;
    }
    y += 8;
  }
  return picture;
}

export class Race {
  readonly #newPlayer: (engines: (engines: EngineInfo[]) => void) => Player;
  readonly #button = byId<HTMLButtonElement>('race-start');
  readonly #status = byId('race-status');
  readonly #chart = byId('race-chart');
  #player: Player | null = null;

  /** newPlayer: a Worker of its own, that the race may keep busy. */
  constructor(newPlayer: (engines: (engines: EngineInfo[]) => void) => Player) {
    this.#newPlayer = newPlayer;
    this.#button.addEventListener('click', () => {
      if (this.#player === null) {
        void this.#run();
      } else {
        this.#player.close();
      }
    });
  }

  async #run() {
    this.#button.textContent = 'Stop';
    let engines: EngineInfo[] = [];
    const player = this.#newPlayer((all) => {
      engines = all;
    });
    this.#player = player;
    const programs: string[] = [];
    let rows: Row[] = [];
    try {
      for (const [path, read] of Object.entries(sources)) {
        const program = path.slice(path.lastIndexOf('/') + 1, -'.tal'.length);
        const source = new TextEncoder().encode(await read());
        const { rom } = await player.ask({
          what: 'assemble',
          files: new Map([[`${program}.tal`, source]]),
          main: `${program}.tal`,
        });
        if (rom === null) {
          throw new Error(`${program}.tal does not assemble`);
        }
        const names = engines.filter(({ whyNot }) => whyNot === '').map(({ name }) => name);
        rows = rows.length === 0 ? names.map((engine) => ({ engine, speeds: new Map() })) : rows;
        const times = new Map<string, number[]>(names.map((name) => [name, []]));
        // One after the other in each round: what else the device does meets all of them.
        for (let round = 1; round <= kRounds; ++round) {
          for (const name of names) {
            this.#status.textContent = `${program}, ${name}, round ${round} of ${kRounds}`;
            const { milliseconds } = await player.ask({ what: 'race', rom, engine: name });
            times.get(name)!.push(milliseconds);
          }
        }
        const base = median(times.get(kBase) ?? [1]);
        rows.forEach(({ engine, speeds }) => speeds.set(program, base / median(times.get(engine)!)));
        programs.push(program);
        this.#show(rows, programs);
      }
      this.#status.textContent = 'Done. Medians of three rounds.';
    } catch (error) {
      this.#status.textContent = programs.length > 0 ? 'Stopped.' : message(error);
    }
    player.close();
    this.#player = null;
    this.#button.textContent = 'Start the race';
  }

  #show(rows: Row[], programs: string[]) {
    const sorted = [...rows].sort((a, b) => mean(b) - mean(a));
    this.#chart.replaceChildren(chart(sorted, programs));
    const table = make('table', { className: 'unseen' });
    table.append(make('caption', { textContent: `Times as fast as ${kBase}` }));
    const head = table.insertRow();
    ['Engine', ...programs].forEach((title) => head.append(make('th', { textContent: title, scope: 'col' })));
    for (const { engine, speeds } of sorted) {
      const row = table.insertRow();
      row.append(make('th', { textContent: engine, scope: 'row' }));
      programs.forEach((program) => {
        row.insertCell().textContent = (speeds.get(program) ?? 0).toFixed(2);
      });
    }
    this.#chart.append(table);
  }
}
