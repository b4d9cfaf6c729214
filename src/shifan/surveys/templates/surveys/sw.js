var KEPT = "shifan-field";
self.addEventListener("install", function (event) {
  event.waitUntil(caches.open(KEPT).then(function (kept) { return kept.add("./"); }));
  self.skipWaiting();
});
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("fetch", function (event) {
  if (event.request.method !== "GET") return;
  event.respondWith(fetch(event.request).then(function (reply) {
    var copy = reply.clone();
    if (reply.ok) caches.open(KEPT).then(function (kept) { kept.put("./", copy); });
    return reply;
  }).catch(function () { return caches.match("./"); }));
});
