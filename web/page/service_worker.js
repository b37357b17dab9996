// Keeps the whole page for when there is no network. The build fills in the files and a version that
// is another one whenever one of them is (offline_plugin.ts).
const kVersion = '__VERSION__';
const kFiles = __FILES__;
const kCache = `leveret-${kVersion}`;

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(kCache);
      await cache.addAll(kFiles.map((file) => new Request(file, { cache: 'reload' })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith('leveret-') && name !== kCache) {
          await caches.delete(name);
        }
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== location.origin) {
    return;
  }
  event.respondWith(
    (async () => {
      const cache = await caches.open(kCache);
      // A link to a program is the same page.
      const kept = await cache.match(request, { ignoreSearch: request.mode === 'navigate' });
      return kept ?? fetch(request);
    })(),
  );
});
