/**
 * Keeps the page for use without a connection: every file of the build, each visit from the same build. A newer build is
 * fetched beside it and takes over when no tab shows the old one any more, so that a page never meets files of two builds.
 * The build writes the three constants (tools/offline.ts). Source: W3C Service Workers.
 */

/** Changes with every byte of the build. */
const BUILD = __BUILD__;
/** Addresses beside this script, each with the hash of the file: one that arrives otherwise is not kept. */
const FILES = __FILES__;
/** Addresses of large files, which are kept once the page has asked for them. */
const LATER = __LATER__.map((file) => new URL(file, location.href).href);

const NAME = 'image-gpt-';
const kept = () => caches.open(NAME + BUILD);

addEventListener('install', (event) => {
  // Past the browser's own cache, which may hold a former build.
  const requests = FILES.map(([file, integrity]) => new Request(file, { cache: 'no-cache', integrity }));
  event.waitUntil(kept().then((cache) => cache.addAll(requests)));
});

addEventListener('activate', (event) => {
  const sweep = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(NAME) && name !== NAME + BUILD);
    await Promise.all(old.map((name) => caches.delete(name)));
  };
  event.waitUntil(sweep());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  const answer = async () => {
    const cache = await kept();
    // Somebody has found what is kept damaged: it is fetched anew, and kept instead.
    if (
      request.cache === 'reload' &&
      request.mode !== 'navigate' &&
      (await cache.match(request, { ignoreVary: true }))
    ) {
      const fresh = await fetch(request);
      if (fresh.ok) await cache.put(request, fresh.clone());
      return fresh;
    }
    const wanted = request.mode === 'navigate' ? 'index.html' : request;
    // The files are the same for whoever asks, whatever a host says.
    const found = await cache.match(wanted, { ignoreVary: true });
    if (found) return found;
    const fresh = await fetch(request);
    // A full disk is no reason not to answer.
    if (fresh.ok && LATER.includes(request.url)) event.waitUntil(cache.put(request, fresh.clone()).catch(() => {}));
    return fresh;
  };
  event.respondWith(answer());
});
