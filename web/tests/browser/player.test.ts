/** The player as others use it: in a page of their own, as a file from disk, and its pictures. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LeveretElement } from '../../player/src/element';
import { parseScript } from '../script';
import { kBuild, kProject, launch, player, printed, shown, Site, type Visit, visit } from './chromium';

let browser: Browser;
let site: Site;
let at: Visit;
beforeAll(async () => {
  browser = await launch();
  site = await Site.open(join(kProject, 'web/player/dist'));
  site.extra.set(
    '/index.html',
    `<!doctype html><title>Embedded</title><script type="module" src="leveret-player.js"></script>
     <leveret-player paused style="width: 640px; height: 400px"></leveret-player>`,
  );
  at = await visit(browser, site.address);
});
afterAll(async () => {
  await browser.close();
  site.close();
});

/** Sources below a folder, by their path in it. */
function sources(folder: string): [string, number[]][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tal'))
    .map((name) => [name, [...readFileSync(join(folder, name))]]);
}

const kGolden = join(kProject, 'tests/golden');
// Cases with a picture at the end, and nothing in them that a page does not do: setting the clock,
// dropping and restarting.
const kCases = ['screen', 'roms', 'mouse', 'controller', 'system']
  .flatMap((folder) => readdirSync(join(kGolden, folder)).map((name) => `${folder}/${name}`))
  .filter((name) => readdirSync(join(kGolden, name)).includes('expected'))
  .filter((name) => readdirSync(join(kGolden, name, 'expected')).some((file) => /^screen.*\.png$/.test(file)))
  .filter((name) => {
    const script = join(kGolden, name, 'script.txt');
    return !existsSync(script) || !/^(clock|seed|drop|reboot|eof|arguments)\b/m.test(readFileSync(script, 'utf8'));
  })
  // They look at the clock, which is the real one in a page.
  .filter((name) => !['roms/bounce', 'roms/snake', 'roms/life'].includes(name));

interface Wanted {
  frame: number;
  png: string;
}

describe('golden pictures', () => {
  test('there are enough of them', () => expect(kCases.length).toBeGreaterThan(12));

  test.each(kCases)('%s', async (name) => {
    const folder = join(kGolden, name);
    const reference = join(folder, 'program.txt');
    const path = existsSync(reference)
      ? join(folder, readFileSync(reference, 'utf8').trim())
      : join(folder, readdirSync(folder).find((file) => file.endsWith('.tal'))!);
    const script = join(folder, 'script.txt');
    const steps = existsSync(script) ? parseScript(readFileSync(script, 'utf8')) : [];
    // What happens after the last frame is followed by one more; without a script there is one.
    if (steps.length === 0 || 'inputs' in steps.at(-1)!) {
      steps.push({ frames: 1 });
    }
    const wanted: Wanted[] = readdirSync(join(folder, 'expected'))
      .filter((file) => file.endsWith('.png'))
      .map((file) => ({
        frame: Number(/@(\d+)/.exec(file)?.[1] ?? -1),
        png: readFileSync(join(folder, 'expected', file)).toString('base64'),
      }));
    const files: [string, number[]][] = existsSync(join(folder, 'files'))
      ? readdirSync(join(folder, 'files')).map((file) => [file, [...readFileSync(join(folder, 'files', file))]])
      : [];
    const sourceFolder = join(path, '..');
    const differences = await at.page.evaluate(
      async ({ sources, main, steps, wanted, files }) => {
        const bytes = (pairs: [string, number[]][]) => new Map(pairs.map(([name, data]) => [name, Uint8Array.from(data)]));
        const element = document.querySelector('leveret-player') as LeveretElement;
        const all = bytes(sources);
        const { rom, text } = await element.assemble(all.get(main)!, all, main);
        if (rom === null) {
          return text;
        }
        await element.load(rom, { files: bytes(files) });
        const pixelsOf = (source: CanvasImageSource, width: number, height: number) => {
          const canvas = new OffscreenCanvas(width, height);
          const context = canvas.getContext('2d')!;
          context.drawImage(source, 0, 0);
          return context.getImageData(0, 0, width, height).data;
        };
        const compare = async ({ frame, png }: { frame: number; png: string }) => {
          const blob = new Blob([Uint8Array.from(atob(png), (character) => character.charCodeAt(0))]);
          const expected = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
          const canvas = element.shadowRoot!.querySelector('canvas')!;
          const { width, height } = expected;
          if (canvas.width !== width || canvas.height !== height) {
            return `frame ${frame}: ${canvas.width} by ${canvas.height} pixels\n`;
          }
          const left = pixelsOf(canvas, width, height);
          const count = pixelsOf(expected, width, height).reduce((sum, byte, i) => sum + Number(byte !== left[i]), 0);
          return count === 0 ? '' : `frame ${frame}: ${count} bytes differ\n`;
        };
        let frame = 0;
        let found = '';
        const look = async (at: number) => {
          for (const one of wanted.filter((want) => want.frame === at)) {
            found += await compare(one);
          }
        };
        // The state is asked for only to wait until all that was sent has happened.
        await element.saveState();
        await look(0);
        for (const step of steps) {
          if ('inputs' in step) {
            element.send(...step.inputs);
          } else {
            for (let i = 0; i < step.frames; ++i) {
              await element.step();
              await look(++frame);
            }
          }
        }
        await look(-1);
        return found;
      },
      { sources: sources(sourceFolder), main: path.slice(sourceFolder.length + 1), steps, wanted, files },
    );
    expect(differences).toBe('');
  });
});

describe('embedded', () => {
  test('it tells what happens', async () => {
    const events = await at.page.evaluate(async (source) => {
      const element = document.querySelector('leveret-player') as LeveretElement;
      const seen: string[] = [];
      let pictures = 0;
      element.addEventListener('load', () => seen.push('load'));
      element.addEventListener('console', ({ detail }) => seen.push(`${detail.stream} ${new TextDecoder().decode(detail.bytes)}`));
      element.addEventListener('file', ({ detail }) => seen.push(`file ${detail.path}`));
      element.addEventListener('end', ({ detail }) => seen.push(`end ${detail.exitCode}`));
      element.onframe = ({ width }) => {
        pictures += width;
      };
      const { rom, text } = await element.assemble(source);
      if (rom === null) {
        throw new Error(text);
      }
      await element.load(rom);
      element.play();
      element.input('x');
      await new Promise((resolve) => element.addEventListener('end', resolve, { once: true }));
      element.pause();
      return { seen, pictures };
    }, `|100 ;on-input #10 DEO2 ;name #a8 DEO2 #0001 #aa DEO2 ;name #ae DEO2 #01 #2e DEO BRK
       @on-input #12 DEI #18 DEO #85 #0f DEO BRK @name "f 00`);
    expect(events.seen).toEqual(['file f', 'load', 'output x', 'end 5']);
    expect(events.pictures).toBeGreaterThan(0);
  });

  test('a missing program is said to be missing, in the player', async () => {
    await player(at.page).evaluate((element) => element.setAttribute('src', 'missing.rom'));
    await player(at.page).locator('.message').getByText('404').waitFor();
  });

  test('sound reaches the loudspeakers', async () => {
    const piano = readFileSync(join(kProject, 'roms/piano.tal'));
    const font = readFileSync(join(kProject, 'roms/shared/font.tal'));
    const fresh = await visit(browser, site.address);
    await player(fresh.page).click(); // browsers play nothing before the user has done something
    const loudest = await fresh.page.evaluate(
      async ([piano, font]) => {
        const element = document.querySelector('leveret-player') as LeveretElement;
        // Listens in at the end of the way.
        const analysers: AnalyserNode[] = [];
        const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
        AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
          if (to instanceof AudioDestinationNode) {
            const analyser = new AnalyserNode(this.context as AudioContext, { fftSize: 2048 });
            connect.call(this, analyser);
            analysers.push(analyser);
          }
          return connect.call(this, to);
        } as typeof AudioNode.prototype.connect;
        const bytes = (data: number[]) => Uint8Array.from(data);
        const { rom } = await element.assemble(bytes(piano!), new Map([['shared/font.tal', bytes(font!)]]));
        await element.load(rom!);
        element.play();
        element.focus();
        const press = () =>
          element.shadowRoot!.querySelector('textarea')!.dispatchEvent(new KeyboardEvent('keydown', { key: 'g', code: 'KeyG' }));
        let loudest = 0;
        for (let i = 0; i < 100 && loudest < 0.05; ++i) {
          if (i % 20 === 0) {
            press();
          }
          await new Promise((resolve) => setTimeout(resolve, 30));
          const samples = new Float32Array(2048);
          analysers[0]?.getFloatTimeDomainData(samples);
          loudest = Math.max(loudest, ...samples);
        }
        element.pause();
        return loudest;
      },
      [[...piano], [...font]],
    );
    expect(loudest).toBeGreaterThan(0.05);
    await fresh.context.close();
  });
});

describe('leveret export web', () => {
  const binary = process.env.LEVERET_BINARY ?? join(kProject, 'build/release/leveret');

  test.skipIf(!existsSync(binary))('one file plays a program from disk, with its files and without a network', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leveret-export-'));
    writeFileSync(
      join(folder, 'greet.tal'),
      `|100 ;name #a8 DEO2 #0005 #aa DEO2 ;text #ac DEO2 ;text &next LDAk #18 DEO INC2 LDAk ?&next BRK
       @name "greeting 00 @text $6`,
    );
    writeFileSync(join(folder, 'greeting'), 'Hello');
    const html = join(folder, 'greet.html');
    execFileSync(binary, [
      'export', 'web', join(folder, 'greet.tal'), '-o', html, '--file', join(folder, 'greeting'),
      '--template', join(kBuild, 'player.html'),
    ]);
    const other = await visit(browser, pathToFileURL(html).href);
    await other.context.setOffline(true);
    await printed(other.page, 'Hello');
    expect(await other.page.title()).toBe('greet');

    // One that draws and plays.
    const piano = join(folder, 'piano.html');
    execFileSync(binary, [
      'export', 'web', join(kProject, 'roms/piano.tal'), '-o', piano, '--template', join(kBuild, 'player.html'),
    ]);
    await other.page.goto(pathToFileURL(piano).href);
    await shown(other.page);
    await player(other.page).focus();
    await other.page.keyboard.press('g');
    await other.page.waitForTimeout(300);
    expect(await other.page.locator('.notice').count()).toBe(0);
    expect(other.problems).toEqual([]);
    await other.context.close();
    rmSync(folder, { recursive: true });
  });

  test('the template alone says what it lacks', async () => {
    const other = await visit(browser, pathToFileURL(join(kBuild, 'player.html')).href);
    await other.page.getByText('There is no program in this file').waitFor();
    await other.context.close();
  });
});
