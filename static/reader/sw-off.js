// Served where nothing is to be kept: takes away what was kept, and itself.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await caches.delete("paper");
  await self.registration.unregister();
})()));
