// The desk's service worker: shows what the server pushes while no desk is open, and opens the desk at the ticket.
// It keeps nothing and answers no request: the desk needs its server anyway.
const HEADS = { ru: "Обращение", en: "Ticket" };

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  // A browser that was pushed and shows nothing is cut off, so an unreadable push shows the desk's name.
  let notice = {};
  try {
    notice = event.data.json();
  } catch {}
  const lang = navigator.language.startsWith("ru") ? "ru" : "en";
  const title = notice.number ? `${HEADS[lang]} №${notice.number}`.replace("Ticket №", "Ticket #") : "Zeroline";
  event.waitUntil(
    self.registration.showNotification(title, {
      body: notice[lang] || "",
      lang,
      icon: "/static/icon.svg",
      tag: notice.ticket || "desk",
      renotify: true,
      data: { ticket: notice.ticket || "" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.ticket));
});

/** A desk that is open anywhere comes to the front. Only the hash of its address changes: drafts and all stay. */
async function open(ticket) {
  const url = ticket ? `/desk#/t/${encodeURIComponent(ticket)}` : "/desk";
  const pages = await self.clients.matchAll({ type: "window" });
  const desk = pages.find((page) => new URL(page.url).pathname.startsWith("/desk"));
  if (!desk) return self.clients.openWindow(url);
  await desk.focus();
  if (ticket) await desk.navigate(url);
}
