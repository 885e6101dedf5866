// Starts the widget: as a frame it waits for the loader and connects when first shown; alone it is a page of its own.
import { h, render } from "preact";
import type { ToLoader, ToWidget } from "../shared/frame";
import { Keep } from "../shared/keep";
import { keepAwake } from "../shared/line";
import type { Lang } from "../shared/wire";
import { App } from "./app";
import { Chat } from "./chat";
import type { Composer } from "./composer";
import { WORDS } from "./words";
import "./widget.css";

const keep = new Keep();
const root = document.documentElement;
const framed = parent !== window;
const address = location.origin.replace("http", "ws") + "/ws/widget";

let site = "";
let composer: Composer | undefined;
let shown = !framed;
const told = { count: 0, lang: "" as string };

function wanted(given: string | null): Lang {
  return (keep.get("lang") ?? given ?? navigator.language).startsWith("ru") ? "ru" : "en";
}

const chat = new Chat(
  address,
  keep,
  wanted(new URLSearchParams(location.search).get("lang")),
  draw,
  (text) => composer?.restore(text) ?? false,
);

function tell(message: ToLoader): void {
  parent.postMessage(message, site);
}

function close(): void {
  tell({ zeroline: "close" });
}

function draw(): void {
  root.lang = chat.lang;
  document.title = WORDS[chat.lang].title;
  if (shown && !document.hidden) chat.seen();
  if (site && chat.unread !== told.count) tell({ zeroline: "unread", count: (told.count = chat.unread) });
  if (site && chat.lang !== told.lang) tell({ zeroline: "lang", lang: (told.lang = chat.lang) as Lang });
  render(<App chat={chat} keep={keep} close={framed ? close : null} mounted={(made) => (composer = made)} />, document.body);
}

/** The site's colour; the styles make it readable as text. */
function paint({ accent, ink }: ToWidget): void {
  if (!accent) return;
  root.style.setProperty("--accent", accent);
  root.style.setProperty("--on-accent", ink);
  root.className = "own-accent";
}

function show(message: ToWidget): void {
  shown = true;
  chat.line.start();
  draw();
  if (!message.focus) return;
  // A phone's keyboard would jump over the greeting: there the page gets the focus, not the field.
  if (matchMedia("(pointer: coarse)").matches) document.querySelector<HTMLElement>(".log")?.focus();
  else composer?.focus();
}

function hear({ source, origin, data }: MessageEvent<ToWidget>): void {
  if (source !== parent || (site && origin !== site) || !data?.zeroline) return;
  site = origin;
  chat.page = { url: data.url, title: data.title };
  if (data.zeroline === "hidden") shown = false;
  else if (data.zeroline === "shown") show(data);
  else {
    chat.lang = wanted(data.lang);
    paint(data);
    draw();
    tell({ zeroline: "ready" });
    // The frame exists because the chat has been opened in this tab: who has chatted hears of the answer even while
    // the window is closed.
    if (keep.get("token")) chat.line.start();
  }
}

keepAwake(chat.line);
document.addEventListener("visibilitychange", draw);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && framed) close();
});

if (framed) addEventListener("message", hear);
else {
  chat.page = { url: location.href, title: document.title };
  chat.line.start();
}
draw();
