// Served if offline use is switched off: deletes the cache and unregisters this worker.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await caches.delete("paper");
  await self.registration.unregister();
})()));
