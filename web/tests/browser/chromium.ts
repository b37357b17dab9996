/** Debian's Chromium, and a web server on loopback for the built page. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { LeveretElement } from '../../player/src/element';

export const kProject = join(import.meta.dirname, '../../..');
export const kBuild = join(kProject, 'build/web');

const kTypes: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}

/** Serves the page, and whatever `extra` has, with these headers. */
export class Site {
  readonly extra = new Map<string, Uint8Array | string>();
  headers: Record<string, string> = {};
  #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(root = join(kBuild, 'page')): Promise<Site> {
    const server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
      const name = path.endsWith('/') ? `${path}index.html` : path;
      const file = join(root, name);
      const contents = site.extra.get(name) ?? (existsSync(file) ? readFileSync(file) : null);
      if (contents === null) {
        response.writeHead(404).end();
        return;
      }
      const type = kTypes[extname(name)] ?? 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type, ...site.headers }).end(contents);
    });
    const site = new Site(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }
  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** What went wrong in the page, by its own account. */
  problems: string[];
}

/** A user with a browser of their own, nothing stored in it. */
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  // Sooner than the test would end, as that says less.
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(address);
  return { page, context, problems };
}

export function player(page: Page) {
  return page.locator('leveret-player');
}

/** Until a program runs in it and has shown something. */
export async function shown(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const element = document.querySelector('leveret-player') as LeveretElement | null;
    return element !== null && !element.hidden && !element.blank;
  });
}

export async function printed(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.getElementById('console-output')?.textContent?.includes(wanted),
    text,
  );
}

/** A program from Uxntal, assembled by the page; what it prints is in the console. */
export function programOf(page: Page, source: string): Promise<number[]> {
  return page.evaluate(async (text) => {
    const element = document.querySelector('leveret-player') as LeveretElement;
    const { rom, text: complaint } = await element.assemble(text);
    if (rom === null) {
      throw new Error(complaint);
    }
    return [...rom];
  }, source);
}
